//! What others notice of bad sign-ins, as many as one load generator can offer: pages that hash nothing, asked for by
//! somebody signed in and by somebody who is not, before and meanwhile. With the limits of a default installation.

use anyhow::ensure;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::Figure;
use crate::http::Connection;
use crate::program::Program;

const EMAIL: &str = "alice@example.com";
/// Connections of the load generator.
const ATTACKERS: usize = 64;
/// Pages that are asked for in each half.
const PAGES: usize = 3000;
/// Between two of them: people read.
const PAUSE: Duration = Duration::from_millis(2);
/// Until the attack is at its height.
const RISE: Duration = Duration::from_secs(3);

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let (program, _) = Program::start_with(folder.path(), &[("KEYWRIGHT_LIMITS", "on")]).await?;
    program.create_account(EMAIL).await?;
    let session = program.sign_in(EMAIL).await?.refresh_token;
    let quiet = slowest_of_a_hundred(program.port, &session).await?;
    let memory = program.memory()?;
    let attack = Attack::begin(program.port);
    tokio::time::sleep(RISE).await;
    let busy = slowest_of_a_hundred(program.port, &session).await?;
    let memory_meanwhile = program.memory()?;
    let offered = attack.end();
    program.stop().await?;
    ensure!(offered > 0.0, "no bad sign-in was answered");
    let (slower, larger) = (busy / quiet, memory_meanwhile / memory);
    Ok(vec![
        Figure {
            name: "Pages without a hash under bad sign-ins (99th percentile), over the same in quiet",
            target: "≤ 3",
            measured: format!(
                "{slower:.2} ({busy:.1} ms over {quiet:.1} ms, {offered:.0} bad sign-ins answered per second)"
            ),
            reached: slower <= 3.0,
        },
        Figure {
            name: "Resident memory under bad sign-ins, over the same in quiet",
            target: "≤ 1.5",
            measured: format!("{larger:.2} ({memory_meanwhile:.0} MB over {memory:.0} MB)"),
            reached: larger <= 1.5,
        },
    ])
}

/// The 99th percentile of pages in milliseconds, one after the other.
async fn slowest_of_a_hundred(port: u16, session: &str) -> anyhow::Result<f64> {
    let mut connection = Connection::open(port).await?;
    let navigation = "accept: text/html\r\nsec-fetch-mode: navigate\r\n";
    let signed_in = format!("{navigation}cookie: __Host-refresh={session}\r\n");
    let mut times = Vec::with_capacity(PAGES);
    for (path, headers) in [("/sign-in", navigation), ("/account", signed_in.as_str())].into_iter().cycle().take(PAGES)
    {
        let started = Instant::now();
        let answer = connection.send("GET", path, headers, "").await?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        ensure!(answer.status == 200, "{path}: {}", answer.status);
        tokio::time::sleep(PAUSE).await;
    }
    times.sort_by(f64::total_cmp);
    Ok(times[PAGES * 99 / 100])
}

/// Threads that send bad sign-ins until they are told to stop.
struct Attack {
    is_over: Arc<AtomicBool>,
    answered: Arc<AtomicU64>,
    began: Instant,
    threads: Vec<JoinHandle<()>>,
}

impl Attack {
    fn begin(port: u16) -> Self {
        let (is_over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let threads = (0..ATTACKERS).map(|number| {
            let (is_over, answered) = (Arc::clone(&is_over), Arc::clone(&answered));
            std::thread::spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    // A connection that is closed is opened again.
                    let _ = guess(port, number, &is_over, &answered);
                }
            })
        });
        Self { threads: threads.collect(), is_over, answered, began: Instant::now() }
    }

    /// Answers per second.
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    fn end(self) -> f64 {
        self.is_over.store(true, Ordering::Relaxed);
        let seconds = self.began.elapsed().as_secs_f64();
        for thread in self.threads {
            let _ = thread.join();
        }
        self.answered.load(Ordering::Relaxed) as f64 / seconds
    }
}

/// One bad sign-in after the other on one connection; every second one is for the account that there is.
fn guess(port: u16, number: usize, is_over: &AtomicBool, answered: &AtomicU64) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut answer = [0; 8 * 1024];
    for guess in 0_usize.. {
        let email = if guess % 2 == 0 { EMAIL.to_owned() } else { format!("person{number}.{guess}@example.com") };
        let body = format!(r#"{{"email":"{email}","password":"a password that is wrong"}}"#);
        let length = body.len();
        let request = format!(
            "POST /api/v1/sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes())?;
        if stream.read(&mut answer)? == 0 || is_over.load(Ordering::Relaxed) {
            break;
        }
        answered.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

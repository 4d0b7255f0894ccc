//! Ten thousand open sessions, each of which refreshes every five minutes, as pages do that stay open: what the program
//! pays for them. On SQLite, with the settings of a default installation.
//!
//! Turns are spread evenly, and none comes twice while it is measured. `--users=N` opens another number of sessions, and
//! `--minutes=M` measures for another time than two minutes.

use anyhow::{Context, ensure};
use auth::flow::SEED_PASSWORD;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Figure;
use crate::http::Connection;
use crate::known_address::CHEAP_HASHES;
use crate::program::{Program, run, sign_in};
use crate::refresh::exchange;

const SESSIONS: i64 = 10_000;
const MINUTES: f64 = 2.0;
/// From one refresh of a session to its next.
const INTERVAL: Duration = Duration::from_secs(300);
/// At the same pace, before anything counts.
const WARM_UP: Duration = Duration::from_secs(10);
/// Kept connections, which take turns: those of a proxy.
const CLIENTS: u32 = 16;

pub async fn measure(sessions: Option<i64>, minutes: Option<f64>) -> anyhow::Result<Vec<Figure>> {
    let (sessions, minutes) = (sessions.unwrap_or(SESSIONS), minutes.unwrap_or(MINUTES));
    ensure!((1000..=100_000).contains(&sessions), "--users must be between 1000 and 100000");
    // Longer, and the first would be asked again.
    ensure!((0.1..=4.5).contains(&minutes), "--minutes must be between 0.1 and 4.5");
    let pace = Pace { sessions: u32::try_from(sessions)?, span: Duration::from_secs_f64(minutes * 60.0) };
    // Not in memory: a refresh waits for the disk.
    let folder = tempfile::tempdir_in(".")?;
    let cookies = open_sessions(folder.path(), pace.sessions).await?;
    // Started again, so that nothing of the sign-ins is left in its memory.
    let (program, _) = Program::start(folder.path()).await?;
    program.come_to_rest().await?;
    let memory = program.memory()?;
    let load = refresh_all(&program, pace, cookies).await?;
    program.stop().await?;
    figures(pace, memory, load)
}

/// Opens one session of each of so many accounts: refresh tokens, by the client that has them.
async fn open_sessions(folder: &Path, sessions: u32) -> anyhow::Result<Vec<Vec<String>>> {
    run(folder, &CHEAP_HASHES, &["seed", "--users", &sessions.to_string()]).await?;
    let (program, _) = Program::start_with(folder, &CHEAP_HASHES).await?;
    let port = program.port;
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            tokio::spawn(async move {
                let mut cookies = Vec::new();
                for number in turns(client).take_while(|number| *number < sessions) {
                    let email = format!("user{number}@example.com");
                    cookies.push(sign_in(port, &email, SEED_PASSWORD).await?.refresh_token);
                }
                anyhow::Ok(cookies)
            })
        })
        .collect();
    let mut cookies = Vec::new();
    for client in clients {
        cookies.push(client.await??);
    }
    program.come_to_rest().await?;
    program.stop().await?;
    Ok(cookies)
}

/// The numbers of a client's sessions.
fn turns(client: u32) -> impl Iterator<Item = u32> {
    (client..).step_by(CLIENTS as usize)
}

/// When it is whose turn.
#[derive(Clone, Copy)]
struct Pace {
    sessions: u32,
    /// How long is measured, after the warm-up.
    span: Duration,
}

impl Pace {
    /// When a session is due, since the beginning; none when the measurement is over before.
    fn due(self, number: u32) -> Option<Duration> {
        let due = INTERVAL * number / self.sessions;
        (number < self.sessions && due < WARM_UP + self.span).then_some(due)
    }
}

/// What was measured.
struct Load {
    processor: Duration,
    /// MB, at the end.
    memory: f64,
    times: Vec<Duration>,
}

async fn refresh_all(program: &Program, pace: Pace, cookies: Vec<Vec<String>>) -> anyhow::Result<Load> {
    let began = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .zip(cookies)
        .map(|(client, cookies)| tokio::spawn(refresh_in_turn(program.port, pace, began, client, cookies)))
        .collect();
    tokio::time::sleep_until((began + WARM_UP).into()).await;
    let before = program.processor_time()?;
    tokio::time::sleep_until((began + WARM_UP + pace.span).into()).await;
    let (processor, memory) = (program.processor_time()?.saturating_sub(before), program.memory()?);
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await??);
    }
    times.sort();
    Ok(Load { processor, memory, times })
}

/// The sessions of a client, one after the other, each when it is due: how long they took after the warm-up.
async fn refresh_in_turn(
    port: u16,
    pace: Pace,
    began: Instant,
    client: u32,
    cookies: Vec<String>,
) -> anyhow::Result<Vec<Duration>> {
    let mut connection = Connection::open(port).await?;
    let mut times = Vec::new();
    for (number, cookie) in turns(client).zip(cookies) {
        let Some(due) = pace.due(number) else { break };
        let mut asked = began + due;
        // Who is late because the one before took long has waited since then; a timer that rings late does not count.
        if Instant::now() < asked {
            tokio::time::sleep_until(asked.into()).await;
            asked = Instant::now();
        }
        exchange(&mut connection, &cookie).await?;
        if due >= WARM_UP {
            times.push(asked.elapsed());
        }
    }
    Ok(times)
}

fn figures(pace: Pace, memory: f64, load: Load) -> anyhow::Result<Vec<Figure>> {
    let Load { processor, memory: memory_after, times } = load;
    let done = u32::try_from(times.len())?;
    let median = times.get(times.len() / 2).context("nobody was due")?;
    let late = times[(times.len() * 99).div_ceil(100) - 1];
    let share = 100.0 * processor.as_secs_f64() / pace.span.as_secs_f64();
    let rate = f64::from(done) / pace.span.as_secs_f64();
    let sessions = pace.sessions;
    Ok(vec![
        Figure {
            name: "Ten thousand sessions that refresh every five minutes: processor time, of one core",
            target: "stated",
            measured: format!(
                "{share:.1} % ({sessions} sessions, {rate:.1} refreshes per second, {:.2} ms each)",
                milliseconds(processor) / f64::from(done)
            ),
            reached: true,
        },
        Figure {
            name: "Resident memory with those sessions",
            target: "stated",
            measured: format!("{memory_after:.0} MB ({memory:.0} MB before the first)"),
            reached: true,
        },
        Figure {
            name: "A refresh of that load (99th percentile)",
            target: "stated",
            measured: format!("{:.1} ms (median {:.1} ms)", milliseconds(late), milliseconds(*median)),
            reached: true,
        },
    ])
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { sessions: 10_000, span: Duration::from_secs(120) };

    #[test]
    fn ten_thousand_are_thirty_three_a_second_in_every_second() {
        let mut of_second = [0; 130];
        for due in (0..).map_while(|number| PACE.due(number)) {
            of_second[usize::try_from(due.as_secs()).unwrap()] += 1;
        }
        assert!(of_second.iter().all(|count| (33..=34).contains(count)), "{of_second:?}");
        assert_eq!(PACE.due(4334), None);
    }

    #[test]
    fn every_session_is_one_clients() {
        let mut numbers: Vec<u32> =
            (0..CLIENTS).flat_map(|client| turns(client).take_while(|turn| *turn < 50)).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..50).collect::<Vec<_>>());
    }

    #[test]
    fn what_was_measured_is_said_of_one_core_and_of_each_refresh() {
        let load = Load {
            processor: Duration::from_secs(3),
            memory: 48.0,
            times: (1..=4000).map(Duration::from_micros).collect(),
        };
        let said: Vec<String> = figures(PACE, 39.0, load).unwrap().into_iter().map(|figure| figure.measured).collect();
        assert_eq!(
            said,
            [
                "2.5 % (10000 sessions, 33.3 refreshes per second, 0.75 ms each)",
                "48 MB (39 MB before the first)",
                "4.0 ms (median 2.0 ms)"
            ]
        );
        let nothing = Load { processor: Duration::ZERO, memory: 39.0, times: Vec::new() };
        assert!(figures(PACE, 39.0, nothing).is_err());
    }
}

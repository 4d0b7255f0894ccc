//! Sign-ins per second at concurrency 16 against the ceiling of bare Argon2id on the same cores.

use anyhow::{anyhow, ensure};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::Figure;
use crate::program::{PASSWORD, Program};

const CONCURRENCY: usize = 16;
/// Long enough that beginning and end of a round, where no thread has work, do not count.
pub const SPAN: Duration = Duration::from_secs(8);
/// Alternated, so that a slow moment of the machine hits both sides.
const ROUNDS: usize = 5;

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let (program, _) = Program::start(folder.path()).await?;
    program.create_account("alice@example.com").await?;
    let (mut bare, mut served) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        bare += tokio::task::spawn_blocking(bare_rate).await??;
        let port = program.port;
        served += tokio::task::spawn_blocking(move || served_rate(port, "alice@example.com", PASSWORD, SPAN)).await??;
    }
    let memory = program.memory()?;
    program.stop().await?;
    let ratio = served / bare;
    let rounds = f64::from(u32::try_from(ROUNDS)?);
    Ok(vec![
        Figure {
            name: "Sign-ins per second, 16 at once, over bare Argon2id",
            target: "≥ 0.95",
            measured: format!("{ratio:.3} ({:.1}/s over {:.1}/s)", served / rounds, bare / rounds),
            reached: ratio >= 0.95,
        },
        Figure {
            name: "Resident memory after that load",
            target: "≤ 110 MB",
            measured: format!("{memory:.0} MB"),
            reached: memory <= 110.0,
        },
    ])
}

/// Bare hashes per second: one thread a core, each with its memory kept.
fn bare_rate() -> anyhow::Result<f64> {
    let cores = std::thread::available_parallelism()?.get();
    let started = Instant::now();
    let threads: Vec<_> = (0..cores)
        .map(|_| {
            std::thread::spawn(move || -> anyhow::Result<u32> {
                let params = Params::new(19_456, 2, 1, None).map_err(|error| anyhow!("{error}"))?;
                let mut memory = vec![Block::new(); params.block_count()];
                let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
                let (mut done, mut output) = (0, [0; 32]);
                while started.elapsed() < SPAN {
                    argon2
                        .hash_password_into_with_memory(PASSWORD.as_bytes(), &[7; 16], &mut output, &mut memory)
                        .map_err(|error| anyhow!("{error}"))?;
                    done += 1;
                }
                Ok(done)
            })
        })
        .collect();
    let mut done = 0;
    for thread in threads {
        done += thread.join().map_err(|_| anyhow!("a thread died"))??;
    }
    Ok(f64::from(done) / started.elapsed().as_secs_f64())
}

/// Sixteen threads that send and wait: what the client costs is taken from the cores that are measured.
pub fn served_rate(port: u16, email: &str, password: &str, span: Duration) -> anyhow::Result<f64> {
    let started = Instant::now();
    let body = format!(r#"{{"email":"{email}","password":"{password}"}}"#);
    let length = body.len();
    let request = format!(
        "POST /api/v1/sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    );
    let clients: Vec<_> = (0..CONCURRENCY)
        .map(|_| {
            let request = request.clone();
            std::thread::spawn(move || -> anyhow::Result<u32> {
                let mut stream = TcpStream::connect(("127.0.0.1", port))?;
                let (mut done, mut answer) = (0, [0; 8 * 1024]);
                while started.elapsed() < span {
                    stream.write_all(request.as_bytes())?;
                    let read = stream.read(&mut answer)?;
                    ensure!(answer[..read].starts_with(b"HTTP/1.1 200 "), "a sign-in was refused");
                    ensure!(answer[..read].ends_with(b"}"), "an answer came in pieces");
                    done += 1;
                }
                Ok(done)
            })
        })
        .collect();
    let mut done = 0;
    for client in clients {
        done += client.join().map_err(|_| anyhow!("a thread died"))??;
    }
    Ok(f64::from(done) / started.elapsed().as_secs_f64())
}

//! Sign-ins per second at concurrency 16 against the ceiling of bare Argon2id on the same cores.

use anyhow::{anyhow, ensure};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::time::{Duration, Instant};

use crate::Figure;
use crate::http::Connection;
use crate::program::{PASSWORD, Program};

const CONCURRENCY: usize = 16;
const SPAN: Duration = Duration::from_secs(4);
/// Alternated, so that a slow moment of the machine hits both sides.
const ROUNDS: usize = 6;

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let (program, _) = Program::start(folder.path()).await?;
    program.create_account("alice@example.com").await?;
    let (mut bare, mut served) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        bare += tokio::task::spawn_blocking(bare_rate).await??;
        served += served_rate(program.port).await?;
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

async fn served_rate(port: u16) -> anyhow::Result<f64> {
    let started = Instant::now();
    let body = format!(r#"{{"email":"alice@example.com","password":"{PASSWORD}"}}"#);
    let clients: Vec<_> = (0..CONCURRENCY)
        .map(|_| {
            let body = body.clone();
            tokio::spawn(async move {
                let mut connection = Connection::open(port).await?;
                let mut done = 0;
                while started.elapsed() < SPAN {
                    let answer = connection.json("/api/v1/sign-in", &body).await?;
                    ensure!(answer.status == 200, "sign-in: {}", answer.status);
                    done += 1;
                }
                Ok(done)
            })
        })
        .collect();
    let mut done = 0;
    for client in clients {
        done += client.await??;
    }
    Ok(f64::from(done) / started.elapsed().as_secs_f64())
}

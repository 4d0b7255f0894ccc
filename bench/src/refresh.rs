//! Refreshes per second on SQLite against the machine's bare commit rate, both with
//! `synchronous=FULL`.

use anyhow::{Context, ensure};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, Executor};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Figure;
use crate::http::Connection;
use crate::program::{Program, refresh_cookie};

const CONCURRENCY: usize = 16;
const SPAN: Duration = Duration::from_secs(5);
const ROUNDS: usize = 3;

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir_in(".")?;
    let (program, _) = Program::start(folder.path()).await?;
    let mut cookies = Vec::new();
    for number in 0..CONCURRENCY {
        let email = format!("person{number}@example.com");
        program.create_account(&email).await?;
        cookies.push(program.sign_in(&email).await?.refresh_token);
    }
    let (mut bare, mut served) = (0.0, 0.0);
    for round in 0..ROUNDS {
        bare += commit_rate(&folder.path().join(format!("bare{round}.db"))).await?;
        served += refresh_rate(program.port, &mut cookies).await?;
    }
    program.stop().await?;
    let ratio = served / bare;
    let rounds = f64::from(u32::try_from(ROUNDS)?);
    Ok(vec![Figure {
        name: "Refreshes per second, 16 at once, over bare commits",
        target: "≥ 0.5",
        measured: format!("{ratio:.2} ({:.0}/s over {:.0}/s)", served / rounds, bare / rounds),
        reached: ratio >= 0.5,
    }])
}

/// One-row commits per second, one after the other, as SQLite allows.
async fn commit_rate(file: &Path) -> anyhow::Result<f64> {
    let mut connection = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging()
        .connect()
        .await?;
    connection.execute("CREATE TABLE counter (id INTEGER PRIMARY KEY, value INTEGER)").await?;
    connection.execute("INSERT INTO counter VALUES (1, 0)").await?;
    let (started, mut done) = (Instant::now(), 0);
    while started.elapsed() < SPAN {
        sqlx::query("UPDATE counter SET value = value + 1 WHERE id = 1").execute(&mut connection).await?;
        done += 1;
    }
    connection.close().await?;
    Ok(f64::from(done) / started.elapsed().as_secs_f64())
}

async fn refresh_rate(port: u16, cookies: &mut [String]) -> anyhow::Result<f64> {
    let started = Instant::now();
    let clients: Vec<_> = cookies
        .iter()
        .cloned()
        .map(|mut cookie| {
            tokio::spawn(async move {
                let (mut connection, mut done) = (Connection::open(port).await?, 0);
                while started.elapsed() < SPAN {
                    cookie = exchange(&mut connection, &cookie).await?;
                    done += 1;
                }
                anyhow::Ok((cookie, done))
            })
        })
        .collect();
    let mut all = 0;
    for (client, cookie) in clients.into_iter().zip(cookies) {
        let (newest, done) = client.await??;
        *cookie = newest;
        all += done;
    }
    Ok(f64::from(all) / started.elapsed().as_secs_f64())
}

/// A refresh: the token that follows.
pub async fn exchange(connection: &mut Connection, cookie: &str) -> anyhow::Result<String> {
    let headers = format!("cookie: __Host-refresh={cookie}\r\nsec-fetch-site: same-origin\r\n");
    let answer = connection.send("POST", "/api/v1/refresh", &headers, "").await?;
    ensure!(answer.status == 200, "refresh: {}", answer.status);
    refresh_cookie(&answer.head).context("a successor")
}

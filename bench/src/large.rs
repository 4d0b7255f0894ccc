//! A million accounts and five million lines of the audit log: how long administrators look for somebody and read the
//! log, and whether people sign in as fast as among a thousand. On SQLite, and on PostgreSQL where
//! `KEYWRIGHT_TEST_POSTGRES_URL` names a server, as it does below `bin/bench large`.
//!
//! Making the data takes minutes, so this is measured when it is named. `--users=N` makes fewer accounts, with five
//! lines each. `--keep=FOLDER` leaves the data there, and in databases `bench_kept_…` of PostgreSQL, and takes what it finds.

use anyhow::{Context, ensure};
use auth::flow::SEED_PASSWORD;
use serde_json::Value;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Figure;
use crate::filled::{ADMINISTRATOR, FEW, Filled, Place};
use crate::http::Connection;
use crate::program::{Program, sign_in};
use crate::sign_in::{SPAN, served_rate};

const MILLION: i64 = 1_000_000;
const PERSON: &str = "user2@example.com";
/// Measured requests of each kind.
const REQUESTS: usize = 300;
/// Requests before them, which are thrown away.
const WARM_UP: usize = 10;
const LONGEST: Duration = Duration::from_millis(50);
/// Rounds of sign-ins, alternated between both programs.
const ROUNDS: u32 = 4;
const AUDIT: &str = "/api/v1/admin/audit";

/// The names of what is measured: searching, reading the log, signing in.
const ON_SQLITE: [&str; 3] = [
    "User search among a million, SQLite (99th percentile of the slowest of ten kinds)",
    "Audit page of five million lines, SQLite (99th percentile)",
    "Sign-ins per second, SQLite, a million accounts over a thousand",
];
const ON_POSTGRES: [&str; 3] = [
    "User search among a million, PostgreSQL (99th percentile of the slowest of ten kinds)",
    "Audit page of five million lines, PostgreSQL (99th percentile)",
    "Sign-ins per second, PostgreSQL, a million accounts over a thousand",
];

pub async fn measure(users: Option<i64>, keep: Option<&Path>) -> anyhow::Result<Vec<Figure>> {
    let users = users.unwrap_or(MILLION);
    let mut figures = measure_at(&Place::sqlite(keep), ON_SQLITE, users).await?;
    if let Some(postgres) = Place::postgres(keep) {
        figures.extend(measure_at(&postgres, ON_POSTGRES, users).await?);
    }
    Ok(figures)
}

async fn measure_at(place: &Place, names: [&'static str; 3], users: i64) -> anyhow::Result<Vec<Figure>> {
    let (large, small) = (Filled::make(place, "large", users).await?, Filled::make(place, "small", FEW).await?);
    let mut figures = Vec::new();
    let administrator = sign_in(large.program.port, ADMINISTRATOR, SEED_PASSWORD).await?;
    let bearer = format!("authorization: Bearer {}\r\n", administrator.access_token);
    let mut connection = Connection::open(large.program.port).await?;
    let searches: Vec<String> =
        terms(users).iter().map(|term| format!("/api/v1/admin/users?q={}", encoded(term))).collect();
    let [search, page, rate] = names;
    figures.push(slowest(&mut connection, &searches, &bearer, search, users).await?);
    let pages = audit_pages(&mut connection, &bearer).await?;
    figures.push(slowest(&mut connection, &pages, &bearer, page, users).await?);
    figures.push(sign_ins(&large.program, &small.program, rate, users).await?);
    large.stop().await?;
    small.stop().await?;
    Ok(figures)
}

/// What administrators look for: ten kinds of words, those that many have and those that nobody has.
fn terms(users: i64) -> [String; 10] {
    let middle = users / 2;
    let id = format!("01890000-0000-7000-8000-{middle:012}");
    [
        format!("user{}", middle / 1000),
        format!("user{middle}@example.com"),
        format!("{}@", middle % 100_000),
        "example.com".to_owned(),
        "ada".to_owned(),
        "lovelace".to_owned(),
        "grace hop".to_owned(),
        id[..28].to_owned(),
        id,
        "nobody at all".to_owned(),
    ]
}

/// The newest page of the log, and one far behind it.
async fn audit_pages(connection: &mut Connection, headers: &str) -> anyhow::Result<Vec<String>> {
    let mut path = AUDIT.to_owned();
    for _ in 0..40 {
        let answer = connection.send("GET", &path, headers, "").await?;
        ensure!(answer.status == 200, "{path}: {}", answer.status);
        let page: Value = serde_json::from_slice(&answer.body)?;
        let cursor = page["next"].as_str().context("a page that follows")?;
        path = format!("{AUDIT}?after={cursor}");
    }
    Ok(vec![AUDIT.to_owned(), path])
}

/// The slowest of some addresses at the 99th percentile.
async fn slowest(
    connection: &mut Connection,
    paths: &[String],
    headers: &str,
    name: &'static str,
    users: i64,
) -> anyhow::Result<Figure> {
    let mut slowest = (Duration::ZERO, Duration::ZERO, String::new());
    for path in paths {
        let mut times = Vec::new();
        for number in 0..WARM_UP + REQUESTS {
            let started = Instant::now();
            let answer = connection.send("GET", path, headers, "").await?;
            let took = started.elapsed();
            ensure!(answer.status == 200, "{path}: {}", answer.status);
            if number >= WARM_UP {
                times.push(took);
            }
        }
        times.sort();
        let (late, median) = (times[REQUESTS * 99 / 100 - 1], times[REQUESTS / 2]);
        eprintln!("{path}: {:.1} ms (median {:.1} ms)", milliseconds(late), milliseconds(median));
        slowest = slowest.max((late, median, path.clone()));
    }
    let (late, median, path) = slowest;
    Ok(Figure {
        name,
        target: "≤ 50 ms",
        measured: format!(
            "{:.1} ms (median {:.1} ms; {users} accounts; {path})",
            milliseconds(late),
            milliseconds(median)
        ),
        reached: late <= LONGEST,
    })
}

/// Sign-ins among many over those among a thousand, in the same run.
async fn sign_ins(large: &Program, small: &Program, name: &'static str, users: i64) -> anyhow::Result<Figure> {
    let (mut many, mut few) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        for (port, rate) in [(large.port, &mut many), (small.port, &mut few)] {
            *rate += tokio::task::spawn_blocking(move || served_rate(port, PERSON, SEED_PASSWORD, SPAN)).await??;
        }
    }
    let (ratio, rounds) = (many / few, f64::from(ROUNDS));
    Ok(Figure {
        name,
        target: "≥ 0.95",
        measured: format!("{ratio:.3} ({:.1}/s over {:.1}/s; {users} and {FEW})", many / rounds, few / rounds),
        reached: ratio >= 0.95,
    })
}

fn encoded(text: &str) -> String {
    let letters = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    letters.collect()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

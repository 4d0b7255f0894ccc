//! Pages of long lists: the activity of an account with 10,000 events, and 200 devices, over REST and
//! as HTML. Measured by the client on a kept connection, which is a little more than the time of the
//! server.

use anyhow::{Context, ensure};
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection as _};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Figure;
use crate::http::Connection;
use crate::program::{Program, SignedIn};

const EMAIL: &str = "alice@example.com";
/// Measured requests of each page.
const REQUESTS: usize = 200;
/// Requests before them, which are thrown away.
const WARM_UP: usize = 20;
const LONGEST: Duration = Duration::from_millis(5);

const ACTIVITY: &str = "/api/v1/activity";
const SESSIONS: &str = "/api/v1/sessions";

/// One event a minute; each hundredth is of another topic, rare as it is in life.
const EVENTS: &str = "
    WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 10000)
    INSERT INTO audit_events (id, at, kind, topic, user_id, address, device, request_id)
    SELECT printf('00000000-0000-7000-8000-%012x', number), u.created_at - number * 60000,
        CASE number % 100 WHEN 0 THEN 'user.name_changed' ELSE 'session.refused' END,
        CASE number % 100 WHEN 0 THEN 'profile' ELSE 'sign_in' END,
        u.id, '192.0.2.1', 'Firefox on Linux', 'bench'
    FROM numbers JOIN users u ON u.email = $1";

const DEVICES: &str = "
    WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 200)
    INSERT INTO sessions (id, user_id, method, device, address, created_at, expires_at)
    SELECT printf('00000000-0000-7000-9000-%012x', number), u.id, 'pwd', 'Firefox on Linux', '192.0.2.1',
        u.created_at - 86400000 - number * 1000, u.created_at + 86400000
    FROM numbers JOIN users u ON u.email = $1";

/// Each device has renewed its token for hours: fifty of them, of which the newest counts.
const TOKENS: &str = "
    WITH RECURSIVE generations (generation) AS
        (SELECT 0 UNION ALL SELECT generation + 1 FROM generations WHERE generation < 49)
    INSERT INTO refresh_tokens (digest, session_id, generation, issued_at)
    SELECT s.id || '.' || generation, s.id, generation, s.created_at + generation * 300000
    FROM generations JOIN users u ON u.email = $1 JOIN sessions s ON s.user_id = u.id";

/// One list: its pages, which are all measured.
struct List<'a> {
    name: &'static str,
    headers: &'a str,
    paths: Vec<String>,
}

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let (program, _) = Program::start(folder.path()).await?;
    program.create_account(EMAIL).await?;
    program.stop().await?;
    write_history(&folder.path().join("data/keywright.db")).await?;

    let (program, _) = Program::start(folder.path()).await?;
    let SignedIn { refresh_token, access_token } = program.sign_in(EMAIL).await?;
    let bearer = format!("authorization: Bearer {access_token}\r\n");
    // What a browser sends; the page comes compressed, as it does there.
    let browser = format!(
        "cookie: __Host-refresh={refresh_token}\r\nsec-fetch-mode: navigate\r\n\
         accept: text/html\r\naccept-encoding: br\r\n"
    );
    let mut connection = Connection::open(program.port).await?;
    let far_activity = page_after(&mut connection, ACTIVITY, &bearer, 100).await?;
    let far_sessions = page_after(&mut connection, SESSIONS, &bearer, 2).await?;
    let pages = |path: &str, queries: &[&str]| queries.iter().map(|query| format!("{path}{query}")).collect::<Vec<_>>();
    let activity = |path: &str| pages(path, &["", far_activity.as_str(), "?filter=profile"]);
    let sessions = |path: &str| pages(path, &["", far_sessions.as_str()]);
    let lists = [
        List {
            name: "Activity of 10,000 events, a page (95th percentile)",
            headers: &bearer,
            paths: activity(ACTIVITY),
        },
        List { name: "Sessions, 200 live ones, a page (95th percentile)", headers: &bearer, paths: sessions(SESSIONS) },
        List {
            name: "Activity of 10,000 events, a page as HTML (95th percentile)",
            headers: &browser,
            paths: activity("/account/activity"),
        },
        List {
            name: "Sessions, 200 live ones, a page as HTML (95th percentile)",
            headers: &browser,
            paths: sessions("/account/sessions"),
        },
    ];
    let mut figures = Vec::new();
    for List { name, headers, paths } in lists {
        // Of its pages the slowest.
        let mut slowest = (Duration::ZERO, Duration::ZERO);
        for path in paths {
            slowest = slowest.max(times(&mut connection, &path, headers).await?);
        }
        let (most, median) = slowest;
        figures.push(Figure {
            name,
            target: "≤ 5 ms",
            measured: format!("{:.1} ms (median {:.1} ms)", milliseconds(most), milliseconds(median)),
            reached: most <= LONGEST,
        });
    }
    program.stop().await?;
    Ok(figures)
}

/// Years of use, in moments: written into the file of a program that is stopped.
async fn write_history(file: &Path) -> anyhow::Result<()> {
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await?;
    for (statement, rows) in [(EVENTS, 10_000), (DEVICES, 200), (TOKENS, 10_000)] {
        let done = sqlx::query(statement).bind(EMAIL).execute(&mut connection).await?;
        ensure!(done.rows_affected() == rows, "{} rows instead of {rows}", done.rows_affected());
    }
    connection.close().await?;
    Ok(())
}

/// What the address of a page ends with that follows so many full ones.
async fn page_after(connection: &mut Connection, list: &str, headers: &str, pages: usize) -> anyhow::Result<String> {
    let mut query = String::new();
    for _ in 0..pages {
        let answer = connection.send("GET", &format!("{list}{query}"), headers, "").await?;
        ensure!(answer.status == 200, "{list}: {}", answer.status);
        let page: Value = serde_json::from_slice(&answer.body)?;
        ensure!(page["items"].as_array().is_some_and(|items| items.len() == 50), "a page of {list} is not full");
        let cursor = page["next"].as_str().context("a page that follows")?;
        query = format!("?after={cursor}");
    }
    Ok(query)
}

/// 95th percentile and median of a page.
async fn times(connection: &mut Connection, path: &str, headers: &str) -> anyhow::Result<(Duration, Duration)> {
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
    Ok((times[REQUESTS * 95 / 100 - 1], times[REQUESTS / 2]))
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

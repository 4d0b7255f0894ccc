//! `GET /api/v1/me` against a bare axum route that answers the same JSON: the same client, as many
//! connections, and for each side a process of its own with a runtime of the same size, in turns. Each
//! connection has a session of its own. Nobody writes meanwhile, so a person is read from the database twice
//! a second.
//!
//! `/health/live` of the program shows what the layers cost without the question.

use anyhow::{Context, ensure};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use crate::Figure;
use crate::http::Connection;
use crate::load;
use crate::program::{Program, free_port};

const EMAIL: &str = "alice@example.com";
const ME: &str = "/api/v1/me";
const CONNECTIONS: usize = 16;
const SPAN: Duration = Duration::from_secs(2);
const ROUNDS: usize = 6;
/// The argument with which this program is the bare route, and nothing else.
pub const BARE: &str = "--bare-route=";

pub async fn measure() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let (program, _) = Program::start(folder.path()).await?;
    program.create_account(EMAIL).await?;
    let mut tokens = Vec::new();
    for _ in 0..CONNECTIONS {
        tokens.push(program.sign_in(EMAIL).await?.access_token);
    }
    let bearer = format!("authorization: Bearer {}\r\n", tokens[0]);
    let answer = Connection::open(program.port).await?.send("GET", ME, &bearer, "").await?;
    ensure!(answer.status == 200, "{ME}: {}", answer.status);
    let bare = Bare::start(&answer.body).await?;

    let (mut rate_of_bare, mut rate_of_me, mut rate_of_layers) = (0.0, 0.0, 0.0);
    for _ in 0..ROUNDS {
        rate_of_bare += load::rate(bare.port, ME, &tokens, SPAN).await?;
        rate_of_me += load::rate(program.port, ME, &tokens, SPAN).await?;
        rate_of_layers += load::rate(program.port, "/health/live", &tokens, SPAN).await?;
    }
    bare.stop().await?;
    program.stop().await?;
    let ratio = rate_of_me / rate_of_bare;
    let rounds = f64::from(u32::try_from(ROUNDS)?);
    Ok(vec![Figure {
        name: "GET /api/v1/me per second, 16 at once, over a bare axum route with the same JSON",
        target: "≥ 0.5",
        measured: format!(
            "{ratio:.2} ({:.0}/s over {:.0}/s; /health/live {:.0}/s)",
            rate_of_me / rounds,
            rate_of_bare / rounds,
            rate_of_layers / rounds
        ),
        reached: ratio >= 0.5,
    }])
}

/// The bare route, in a process of its own.
struct Bare {
    child: Child,
    port: u16,
}

impl Bare {
    /// Starts it with the JSON that it answers.
    async fn start(json: &[u8]) -> anyhow::Result<Self> {
        let port = free_port()?;
        let mut child = Command::new(std::env::current_exe()?)
            .arg(format!("{BARE}{port}"))
            .stdin(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        // Dropped at the end of the statement: the other side reads to its end.
        child.stdin.take().context("its input")?.write_all(json).await?;
        let started = Instant::now();
        while Connection::open(port).await.is_err() {
            ensure!(started.elapsed() < Duration::from_secs(20), "the bare route does not start");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(Self { child, port })
    }

    async fn stop(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// Is the bare route: answers the JSON of the standard input until it is killed.
pub async fn serve_bare_route(port: &str) -> anyhow::Result<()> {
    let json: Value = serde_json::from_str(&std::io::read_to_string(std::io::stdin())?)?;
    // Written anew for each answer, as any route does, and never copied.
    let json: &'static Value = Box::leak(Box::new(json));
    let router = Router::new().route(ME, get(move || async move { Json(json) }));
    let listener = TcpListener::bind(("127.0.0.1", port.parse::<u16>()?)).await?;
    Ok(axum::serve(listener, router).await?)
}

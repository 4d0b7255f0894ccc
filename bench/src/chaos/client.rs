//! A client as patient as a browser with a person before it: an answer that says when to come again is believed, and one that
//! never came is asked for again with the same words. It counts every answer, those that refused included.

use anyhow::{Context, bail};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::counts::Counts;
use crate::http::{Answer, Connection};

/// How long one answer is waited for.
const PATIENCE: Duration = Duration::from_secs(40);
/// How long an act is tried before it is given up: longer than everything that is broken here is broken.
pub const LONGEST: Duration = Duration::from_secs(180);
/// Before an act is repeated that was not answered.
const PAUSE: Duration = Duration::from_millis(300);

/// A client of the proxy.
pub struct Client {
    port: u16,
    connection: Option<Connection>,
    counts: Arc<Counts>,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub headers: &'a str,
    pub body: &'a str,
}

impl<'a> Ask<'a> {
    /// A call with JSON.
    pub fn json(path: &'a str, body: &'a str) -> Self {
        Self { method: "POST", path, headers: "content-type: application/json\r\n", body }
    }
}

impl Client {
    pub fn new(port: u16, counts: Arc<Counts>) -> Self {
        Self { port, connection: None, counts }
    }

    /// The first answer that is no "come again", and whether it took more than one try.
    pub async fn ask(&mut self, ask: Ask<'_>) -> anyhow::Result<(Answer, bool)> {
        let (began, mut is_repeated) = (Instant::now(), false);
        while began.elapsed() < LONGEST {
            match self.once(ask).await {
                Some(answer) if answer.status != 503 => return Ok((answer, is_repeated)),
                refused => wait(refused.as_ref()).await,
            }
            is_repeated = true;
        }
        bail!("{} {} was not answered for {} s", ask.method, ask.path, LONGEST.as_secs())
    }

    /// One try.
    pub async fn once(&mut self, ask: Ask<'_>) -> Option<Answer> {
        let answered = tokio::time::timeout(PATIENCE, self.send(ask)).await;
        let Ok(Ok(answer)) = answered else {
            self.connection = None;
            self.counts.note("no answer");
            return None;
        };
        self.counts.note("answers");
        if answer.head.contains("connection: close") {
            self.connection = None;
        }
        match answer.status {
            503 if retry_after(&answer).is_some() => self.counts.note("503 with Retry-After"),
            500.. => self.counts.note(&format!("bad {} {} {}", answer.status, ask.method, ask.path)),
            _ => {}
        }
        Some(answer)
    }

    async fn send(&mut self, ask: Ask<'_>) -> anyhow::Result<Answer> {
        if self.connection.is_none() {
            self.connection = Some(Connection::open(self.port).await?);
        }
        let connection = self.connection.as_mut().context("a connection")?;
        connection.send(ask.method, ask.path, ask.headers, ask.body).await
    }
}

/// Waits for as long as an answer says, or for a moment when there was none.
pub async fn wait(refused: Option<&Answer>) {
    tokio::time::sleep(refused.and_then(retry_after).unwrap_or(PAUSE)).await;
}

fn retry_after(answer: &Answer) -> Option<Duration> {
    let told = answer.head.lines().find_map(|line| line.strip_prefix("retry-after:"))?;
    told.trim().parse().ok().map(Duration::from_secs)
}

//! Server-side request forgery: an address that we call by ourselves, of a webhook, leads to a machine that only we can
//! reach. Pictures are sent as files, and what providers tell of themselves is judged alike (`provider_answers`). The
//! machine is a listener here that waits for a knock; the control is the setting that allows it.

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::timeout;

use super::{Attack, Control};
use crate::Outcome;
use crate::http::Answer;
use crate::target::{SignedIn, Target};

pub const ATTACK: Attack =
    Attack { name: "ssrf", settings: &[], control: Control::With(("KEYWRIGHT_WEBHOOK_PRIVATE_ADDRESSES", "on")) };

/// Ways to write this machine.
const HOSTS: [&str; 4] = ["127.0.0.1", "localhost", "2130706433", "0x7f.1"];
/// Where nobody of ours listens.
const PLACES: [&str; 9] = [
    "https://127.0.0.1/",
    "https://localhost/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://metadata.google.internal/",
    "http://10.0.0.1/",
];
/// A delivery leaves within a moment.
const PATIENCE: Duration = Duration::from_secs(10);

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("mallory@example.com").await?;
    target.make_admin("mallory@example.com").await?;
    let mallory = target.sign_in("mallory@example.com").await?;
    let mut ways = Vec::new();
    for host in HOSTS {
        ways.push((host.to_owned(), is_knocked_at(target, &mallory, host).await?));
    }
    // Where machines within are called, nothing of these is left to learn.
    if ways.iter().any(|(_, knocks)| *knocks) {
        return Ok(Outcome::of_ways(&ways));
    }
    for place in PLACES {
        let answer = create(target, &mallory, place).await?;
        ways.push((place.to_owned(), answer.status == 201));
        ensure!(matches!(answer.status, 201 | 422), "{place}: {} {}", answer.status, answer.body);
    }
    Ok(Outcome::of_ways(&ways))
}

/// Whether somebody comes to a port of this machine when a webhook leads there and is tested.
async fn is_knocked_at(target: &Target, mallory: &SignedIn, host: &str) -> anyhow::Result<bool> {
    let machine = TcpListener::bind("127.0.0.1:0").await?;
    let answer = create(target, mallory, &format!("http://{host}:{}/", machine.local_addr()?.port())).await?;
    if answer.status != 201 {
        ensure!(answer.status == 422, "{host}: {} {}", answer.status, answer.body);
        return Ok(false);
    }
    let id = answer.json()["id"].as_str().context("a webhook")?.to_owned();
    let test = format!("/api/v1/admin/webhooks/{id}/test");
    let tested = target.bearer("POST", &test, &mallory.token, &Value::Null).await?;
    ensure!(tested.status == 202, "{host}: {} {}", tested.status, tested.body);
    Ok(timeout(PATIENCE, machine.accept()).await.is_ok())
}

async fn create(target: &Target, mallory: &SignedIn, url: &str) -> anyhow::Result<Answer> {
    let body = json!({"url": url, "kinds": ["user.created"]});
    target.bearer("POST", "/api/v1/admin/webhooks", &mallory.token, &body).await
}

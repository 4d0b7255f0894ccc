//! Token theft: a refresh token that was copied from a browser is used after its owner's browser rotated it.

use anyhow::Context;
use auth::weakened::Defence;
use std::time::Duration;

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

/// Longer than the program waits for a slow tab here.
const GRACE: Duration = Duration::from_millis(1500);

pub const ATTACK: Attack = Attack {
    name: "stolen_refresh_token",
    settings: &[("KEYWRIGHT_ROTATION_GRACE_SECONDS", "1")],
    control: Control::Without(Defence::Reuse),
};

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let alice = target.newcomer("alice@example.com").await?;
    let refresh = async |cookie: &str| {
        let headers = format!("cookie: {cookie}\r\nsec-fetch-site: same-origin\r\n");
        target.send("POST", "/api/v1/refresh", &headers, "").await
    };
    let stolen = alice.cookie;
    let answer = refresh(&stolen).await?;
    let newest = answer.cookie("__Host-refresh").context("a rotated cookie")?.to_owned();
    tokio::time::sleep(GRACE).await;
    if refresh(&stolen).await?.is_done() {
        return Ok(Outcome::Succeeded("a token that was rotated gave another one".to_owned()));
    }
    // Nobody knows who of the two is the thief.
    let is_alive = refresh(&format!("__Host-refresh={newest}")).await?.is_done();
    Ok(Outcome::of(is_alive.then(|| "the family goes on".to_owned())))
}

//! Server-side request forgery: an address that we call by ourselves, of a webhook, leads to a machine that only we can
//! reach. Pictures are sent as files and providers are named by the operator, so there is no other. The control is the
//! setting that allows it.

use serde_json::json;

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack =
    Attack { name: "ssrf", settings: &[], control: Control::With(("KEYWRIGHT_WEBHOOK_PRIVATE_ADDRESSES", "on")) };

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

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("mallory@example.com").await?;
    target.make_admin("mallory@example.com").await?;
    let mallory = target.sign_in("mallory@example.com").await?;
    for place in PLACES {
        let body = json!({"url": place, "kinds": ["*"]});
        let answer = target.bearer("POST", "/api/v1/admin/webhooks", &mallory.token, &body).await?;
        if answer.status == 201 {
            return Ok(Outcome::Succeeded(format!("{place} is called")));
        }
        anyhow::ensure!(answer.status == 422, "{place}: {} {}", answer.status, answer.body);
    }
    Ok(Outcome::Stopped)
}

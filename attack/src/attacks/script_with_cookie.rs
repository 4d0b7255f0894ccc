//! A script calls the API with nothing but the cookie that the browser sends by itself: that of a page with an injected
//! script, or of another site that found a way around CORS.

use auth::weakened::Defence;

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack =
    Attack { name: "script_with_cookie", settings: &[], control: Control::Without(Defence::CookieForPages) };

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let alice = target.newcomer("alice@example.com").await?;
    for mode in ["cors", "same-origin", "no-cors", "navigate"] {
        let headers = format!("accept: */*\r\nsec-fetch-mode: {mode}\r\ncookie: {}\r\n", alice.cookie);
        let answer = target.get("/api/v1/me", &headers).await?;
        if answer.body.contains("alice@example.com") {
            return Ok(Outcome::Succeeded(format!("read by a {mode} request")));
        }
    }
    Ok(Outcome::Stopped)
}

//! Clickjacking: a page of another site shows one of ours in a frame that nobody sees, under a button that everybody
//! presses. Judged as browsers do: by `frame-ancestors`, and where there is none by `X-Frame-Options`. The same in a
//! browser is `end2end/tests/script/attacks_frames.spec.js`.

use auth::weakened::Defence;

use super::{Attack, Control};
use crate::Outcome;
use crate::http::NAVIGATION;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "clickjacking", settings: &[], control: Control::Without(Defence::Policies) };

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let alice = target.newcomer("alice@example.com").await?;
    let signed_in = format!("{NAVIGATION}cookie: {}\r\n", alice.cookie);
    let pages = [
        ("/sign-in", NAVIGATION),
        ("/nowhere", NAVIGATION),
        ("/account", signed_in.as_str()),
        ("/account/data", signed_in.as_str()),
    ];
    for (path, headers) in pages {
        let answer = target.get(path, headers).await?;
        let policy = answer.header("content-security-policy");
        let is_closed = match policy.split("frame-ancestors").nth(1) {
            Some(rest) => rest.trim_start().starts_with("'none'"),
            None => answer.header("x-frame-options") == "DENY",
        };
        if !is_closed {
            return Ok(Outcome::Succeeded(format!("{path} shows in a frame of another site")));
        }
    }
    Ok(Outcome::Stopped)
}

//! Cache deception: somebody signed in is led to their own page under an address that a cache takes for a file, and the
//! cache then shows it to everybody. A page of somebody must be kept by no cache, whatever its address looks like.

use auth::weakened::Defence;

use super::{Attack, Control};
use crate::Outcome;
use crate::http::NAVIGATION;
use crate::target::Target;

pub const ATTACK: Attack =
    Attack { name: "cache_deception", settings: &[], control: Control::Without(Defence::NoStore) };

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let alice = target.newcomer("alice@example.com").await?;
    let page = format!("{NAVIGATION}cookie: {}\r\n", alice.cookie);
    for path in ["/account", "/account/x.css", "/account;x.css", "/account%2Fx.css", "/account/sessions?x=.png"] {
        let answer = target.get(path, &page).await?;
        let is_hers = answer.body.contains("alice@example.com") || answer.head.contains("set-cookie:");
        if is_hers && !answer.header("cache-control").contains("no-store") {
            return Ok(Outcome::Succeeded(format!("a cache may keep {path}")));
        }
    }
    Ok(Outcome::Stopped)
}

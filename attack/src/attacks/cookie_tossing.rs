//! Cookie tossing: a sub-domain that somebody else has sets a cookie of our name for the whole domain. The browser sends
//! both, and whoever takes the first acts in the session of the attacker. The prefix `__Host-` keeps browsers from it;
//! this is what is left where one does not know the prefix.

use auth::weakened::Defence;

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack =
    Attack { name: "cookie_tossing", settings: &[], control: Control::Without(Defence::OneCookie) };

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let alice = target.newcomer("alice@example.com").await?;
    let mallory = target.newcomer("mallory@example.com").await?;
    for cookies in [format!("{}; {}", mallory.cookie, alice.cookie), format!("{}; {}", alice.cookie, mallory.cookie)] {
        let headers = format!("cookie: {cookies}\r\nsec-fetch-site: same-origin\r\n");
        let answer = target.send("POST", "/api/v1/refresh", &headers, "").await?;
        if answer.is_done() {
            return Ok(Outcome::Succeeded("one of two cookies was taken".to_owned()));
        }
    }
    Ok(Outcome::Stopped)
}

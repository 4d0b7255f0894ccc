//! Open redirect: a link to our sign-in that leads on to another site, which then asks for the password once more.

use auth::weakened::Defence;

use super::{Attack, Control};
use crate::Outcome;
use crate::http::{NAVIGATION, encoded};
use crate::target::{PASSWORD, Target};

pub const ATTACK: Attack =
    Attack { name: "open_redirect", settings: &[], control: Control::Without(Defence::LocalPath) };

const PLACES: [&str; 9] = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%2fevil.example",
    "/\tevil.example",
    "/./../evil.example//",
    "javascript:alert(1)",
    "https:evil.example",
];

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("alice@example.com").await?;
    let headers =
        format!("{NAVIGATION}content-type: application/x-www-form-urlencoded\r\nsec-fetch-site: same-origin\r\n");
    for place in PLACES {
        let body = format!("email=alice%40example.com&password={}&next={}", encoded(PASSWORD), encoded(place));
        let answer = target.send("POST", "/rpc/sign_in", &headers, &body).await?;
        let led_to = answer.header("location");
        let is_ours =
            led_to.starts_with('/') && !led_to[1..].starts_with(['/', '\\', '\t']) && !led_to.contains("evil");
        if answer.status == 303 && !is_ours {
            return Ok(Outcome::Succeeded(format!("led to {led_to}")));
        }
    }
    Ok(Outcome::Stopped)
}

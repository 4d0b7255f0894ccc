//! Header injection (CRLF): a line break within a value begins a header of the sender's choice, or a whole answer.

use super::{Attack, Control};
use crate::Outcome;
use crate::http::{NAVIGATION, encoded};
use crate::target::{PASSWORD, Target};

pub const ATTACK: Attack = Attack { name: "header_injection", settings: &[], control: Control::Service };

const VALUES: [&str; 4] = [
    "/x\r\nx-injected: yes",
    "/x\nx-injected: yes",
    "/x\r\n\r\n<script>",
    "/x\u{2028}\r\nset-cookie: __Host-refresh=x",
];

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    target.create_account("alice@example.com").await?;
    let headers =
        format!("{NAVIGATION}content-type: application/x-www-form-urlencoded\r\nsec-fetch-site: same-origin\r\n");
    for value in VALUES {
        let next = encoded(value);
        let body = format!("email=alice%40example.com&password={}&next={next}", encoded(PASSWORD));
        let answers = [
            target.send("POST", "/rpc/sign_in", &headers, &body).await?,
            target.send("POST", "/rpc/choose_locale", &headers, &format!("locale=fr&next={next}")).await?,
            target.get(&format!("/account?next={next}"), NAVIGATION).await?,
        ];
        let is_injected =
            |head: &str| head.contains("\nx-injected:") || head.contains("\nset-cookie: __Host-refresh=x\n");
        if answers.iter().any(|answer| is_injected(&answer.head) || answer.body.starts_with("<script>")) {
            return Ok(Outcome::Succeeded("a header of the sender's own came back".to_owned()));
        }
    }
    Ok(Outcome::Stopped)
}

/// Writes its headers by hand, as libraries once did.
pub async fn service() -> anyhow::Result<Target> {
    Target::raw_service(|request| {
        let next = request.rsplit("next=").next().unwrap_or_default();
        let next = next.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%20", " ");
        let next = next.replace("%2Fx", "/x").replace("%2Dinjected", "-injected");
        format!("HTTP/1.1 303 See Other\r\ncontent-length: 0\r\nconnection: close\r\nlocation: {next}\r\n\r\n")
    })
    .await
}

//! Web-socket hijacking: a page of another site opens a web socket, for which browsers send the cookie and ask nobody.
//! Keywright has none, and must not be talked into one.

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "web_socket", settings: &[], control: Control::Service };

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    let alice = target.newcomer("alice@example.com").await?;
    for path in ["/", "/account", "/api/v1/me", "/ws", "/live_reload"] {
        let headers = format!(
            "connection: upgrade, close\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             origin: https://evil.example\r\ncookie: {}\r\n",
            alice.cookie
        );
        let answer = target.get(path, &headers).await?;
        if answer.status == 101 {
            return Ok(Outcome::Succeeded(format!("{path} became a web socket")));
        }
    }
    Ok(Outcome::Stopped)
}

/// One that asks nobody where they come from.
pub async fn service() -> anyhow::Result<Target> {
    Target::raw_service(|request| {
        if request.contains("upgrade: websocket") {
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n".to_owned()
        } else {
            let body = r#"{"access_token":"x"}"#;
            let length = body.len();
            format!("HTTP/1.1 200 OK\r\nset-cookie: __Host-refresh=x\r\ncontent-length: {length}\r\n\r\n{body}")
        }
    })
    .await
}

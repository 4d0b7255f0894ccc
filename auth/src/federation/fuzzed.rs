//! What `bin/fuzz` asks of the readers of a provider's answers. Compiled for it alone.

use reqwest::StatusCode;

use super::discovery::Discovery;
use super::http::Answer;
use super::id_token::{Expected, verify};
use super::issuer::Issuer;
use super::keys::ProviderKeys;
use crate::Timestamp;
use crate::outward::Guard;

/// The issuer that is expected.
pub const ISSUER: &str = "https://id.example.com";
/// The client that a token must be for.
pub const CLIENT: &str = "client";
/// The nonce that a token must repeat.
pub const NONCE: &str = "n";

/// The addresses of a discovery document that is accepted.
pub fn discovery(body: &[u8]) -> Option<Vec<String>> {
    let document = Discovery::read(&answer(body), ISSUER, Guard { private_addresses: false }).ok()?;
    let urls = [Some(document.authorization), Some(document.token), Some(document.keys), document.userinfo];
    Some(urls.into_iter().flatten().map(String::from).collect())
}

/// Whether a document of keys has one that can be used.
pub fn has_keys(body: &[u8]) -> bool {
    ProviderKeys::read(&answer(body)).is_ok()
}

/// The subject of an ID token that is accepted with these keys.
pub fn subject(token: &str, keys: &[u8], now: Timestamp) -> Option<String> {
    let keys = ProviderKeys::read(&answer(keys)).ok()?;
    let issuer = Issuer::admit(ISSUER.to_owned(), ISSUER)?;
    let expected = Expected { issuer: &issuer, client_id: CLIENT, nonce: NONCE, access_token: None };
    let said = verify(token, &keys, &expected, now).ok()?;
    drop((said.profile.name(), said.profile.email(true), said.profile.tells_second_factor()));
    Some(said.subject)
}

fn answer(body: &[u8]) -> Answer {
    Answer { status: StatusCode::OK, date: None, body: body.to_vec() }
}

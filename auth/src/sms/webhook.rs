//! SMS through a program of the operator: it is sent `{"to": "+44…", "text": "…"}` as JSON and proves by the signature
//! that nobody else wrote it, and by the moment in it that it is no recording.

use anyhow::anyhow;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::Sha256;
use std::fmt::Write as _;

use super::http;
use super::sender::{OutgoingSms, SendFailure, Sending, SmsSender};
use crate::Timestamp;

/// `t=<unix seconds>,v1=<HMAC-SHA-256 of "<unix seconds>.<body>" in hexadecimal>`.
pub const SIGNATURE_HEADER: &str = "keywright-signature";

/// Where the program listens. No `Debug`: it holds a secret.
#[derive(Clone)]
pub struct WebhookSettings {
    /// Its address.
    pub url: String,
    /// The key of signatures: at least 32 bytes.
    pub secret: SecretString,
}

/// A client of one program.
pub struct WebhookSender {
    client: Client,
    settings: WebhookSettings,
}

impl WebhookSender {
    /// Prepares the client.
    ///
    /// # Errors
    /// When the system has no certificate authorities.
    pub fn new(settings: WebhookSettings) -> anyhow::Result<Self> {
        Ok(Self { client: http::client()?, settings })
    }
}

impl SmsSender for WebhookSender {
    fn send<'a>(&'a self, sms: &'a OutgoingSms<'a>) -> Sending<'a> {
        Box::pin(async move {
            let body = json!({ "to": sms.to.as_str(), "text": sms.text }).to_string();
            let signature = signature(&self.settings.secret, sms.at, &body)
                .ok_or_else(|| SendFailure::Never(anyhow!("the SMS cannot be signed")))?;
            let request = self
                .client
                .post(self.settings.url.as_str())
                .header(CONTENT_TYPE, "application/json")
                .header("idempotency-key", sms.id.as_str())
                .header(SIGNATURE_HEADER, signature)
                .body(body);
            http::send(request).await
        })
    }
}

/// The value of the header; none for a key that HMAC does not take, and it takes every one.
fn signature(secret: &SecretString, at: Timestamp, body: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
    mac.update(format!("{}.{body}", at.seconds()).as_bytes());
    let mut header = format!("t={},v1=", at.seconds());
    for byte in mac.finalize().into_bytes() {
        write!(header, "{byte:02x}").ok()?;
    }
    Some(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf '1800000000.{}' | openssl dgst -sha256 -hmac 'r8Jd0mWq2LxT5vYbN7sKc3FhZa9PeUgQ'`
    #[test]
    fn a_signature_is_the_one_that_other_tools_compute() {
        let secret = SecretString::from("r8Jd0mWq2LxT5vYbN7sKc3FhZa9PeUgQ");
        let said = signature(&secret, Timestamp(1_800_000_000_999), "{}").unwrap();
        assert_eq!(said, "t=1800000000,v1=155e32ee3c124f8b94c48258e2412bc677b2284dc675cdefe9670fb9b8c5c542");
    }
}

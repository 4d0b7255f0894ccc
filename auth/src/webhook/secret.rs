//! The secret of a webhook, and what it signs (Standard Webhooks, "Signature scheme"): `v1`, HMAC-SHA-256 of
//! `<id>.<unix seconds>.<body>`.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::Timestamp;
use crate::random::Random;

const PREFIX: &str = "whsec_";
/// Bytes that a secret may have.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// `whsec_` and the bytes in base64. No `Debug`.
#[derive(Clone)]
pub struct WebhookSecret(SecretString);

impl WebhookSecret {
    /// Makes one of 32 bytes.
    pub fn make(random: &dyn Random) -> Self {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        random.fill(&mut *bytes);
        Self(SecretString::from(format!("{PREFIX}{}", BASE64_STANDARD.encode(*bytes))))
    }

    /// Reads one; none when it is not of the scheme.
    pub fn parse(text: &str) -> Option<Self> {
        bytes_of(text)?;
        Some(Self(SecretString::from(text)))
    }

    /// The secret as its owner keeps it.
    pub const fn text(&self) -> &SecretString {
        &self.0
    }

    /// What the secret is when it leaves the engine.
    pub fn into_text(self) -> SecretString {
        self.0
    }

    /// A signature, as it stands in the header.
    ///
    /// # Panics
    /// Never: the secret was read when it was made, and HMAC takes keys of any length.
    pub fn sign(&self, id: &str, at: Timestamp, body: &str) -> String {
        let key = bytes_of(self.0.expose_secret()).expect("it was read when it was made");
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
        mac.update(format!("{id}.{}.{body}", at.seconds()).as_bytes());
        format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
    }
}

fn bytes_of(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = Zeroizing::new(BASE64_STANDARD.decode(text.strip_prefix(PREFIX)?).ok()?);
    LENGTHS.contains(&bytes.len()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    /// The vector of the libraries of Standard Webhooks.
    #[test]
    fn a_signature_is_the_one_of_the_scheme() {
        let secret = WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let at = Timestamp(1_614_265_330_000);
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_read_as_it_was_made() {
        let made = WebhookSecret::make(&SeededRandom::new(1));
        let text = made.text().expose_secret();
        assert_eq!((text.len(), &text[..6]), (50, "whsec_"));
        assert!(WebhookSecret::parse(text).is_some());
        let of = |bytes: usize| format!("whsec_{}", BASE64_STANDARD.encode(vec![7; bytes]));
        assert!(WebhookSecret::parse(&of(24)).is_some() && WebhookSecret::parse(&of(64)).is_some());
        for bad in ["", "whsec_", "whsec_%%%", &text[6..], &of(23), &of(65)] {
            assert!(WebhookSecret::parse(bad).is_none(), "{bad}");
        }
    }
}

//! The public keys as they are handed to other services.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::engine::Engine;

/// The public keys of a moment.
pub struct PublishedKeys {
    /// A JWK set (RFC 7517, 5).
    pub json: String,
    /// Names exactly this text: a strong entity tag (RFC 9110, 8.8.3), quotes included.
    pub etag: String,
    /// Seconds that a copy may be kept: half the time that a key is published before it signs.
    pub max_age: i64,
}

impl Engine {
    /// The public keys, ready to be sent.
    pub fn published_keys(&self) -> PublishedKeys {
        let json = self.keys().current().jwks(self.now()).to_string();
        let etag = format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&json)));
        PublishedKeys { json, etag, max_age: self.vault.settings().publish_seconds / 2 }
    }
}

//! The key that signs access tokens: Ed25519, sealed in the store, named by its thumbprint.

use anyhow::Context as _;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::Timestamp;
use crate::crypto::Sealer;
use crate::random::Random;
use crate::store::{SealedKey, Store};

/// A key pair, ready to sign and verify.
pub struct SigningKey {
    /// RFC 7638 thumbprint, used as `kid`.
    pub id: String,
    pub(super) signs: EncodingKey,
    pub(super) verifies: DecodingKey,
    public: String,
}

impl SigningKey {
    /// The key of the store; makes the first one when there is none.
    ///
    /// # Errors
    /// When the store fails or the key was sealed under another master key.
    pub async fn load_or_make(
        store: &Store,
        sealer: &Sealer,
        random: &dyn Random,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        if store.signing_keys().await?.is_empty() {
            let mut seed = Zeroizing::new([0; 32]);
            random.fill(&mut *seed);
            let id = Self::from_seed(&*seed)?.id;
            let private_sealed = sealer.seal(random, &place(&id), &*seed);
            let mut tx = store.begin().await?;
            tx.insert_first_signing_key(&SealedKey { id, private_sealed }, "EdDSA", now).await?;
            tx.commit().await?;
        }
        let stored = store.signing_keys().await?;
        let sealed = stored.first().context("a signing key was stored a moment ago")?;
        let seed = sealer
            .open(&place(&sealed.id), &sealed.private_sealed)
            .context("the signing key cannot be opened: set MASTER_KEY to the key this database was made with")?;
        Self::from_seed(&seed)
    }

    fn from_seed(seed: &[u8]) -> anyhow::Result<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).context("an Ed25519 seed")?;
        let private = pair.to_pkcs8().context("an Ed25519 key as PKCS#8")?;
        let public = BASE64_URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let thumbprint = Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{public}"}}"#));
        Ok(Self {
            id: BASE64_URL_SAFE_NO_PAD.encode(thumbprint),
            signs: EncodingKey::from_ed_der(private.as_ref()),
            verifies: DecodingKey::from_ed_components(&public)?,
            public,
        })
    }

    /// The public half as a JWK (RFC 8037).
    pub fn jwk(&self) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": self.public, "kid": self.id, "alg": "EdDSA", "use": "sig"})
    }
}

fn place(id: &str) -> String {
    format!("signing_keys.private_sealed.{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumbprint_is_that_of_rfc_8037() {
        // RFC 8037, A.1 to A.3.
        let seed = BASE64_URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let key = SigningKey::from_seed(&seed).unwrap();
        assert_eq!(key.jwk()["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(key.id, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}

//! Access tokens for stories: forged with the real key, and judged without a program around.

use super::World;
use crate::forged_tokens::Forge;
use auth::Timestamp;
use auth::crypto::{MasterKey, Sealer};
use auth::token::{Algorithm, Claims, Expected, Fault, VerifyingKey, verify};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde_json::Value;
use sqlx::{AnyConnection, Connection, Row};

/// Header and payload of a token.
pub fn read(token: &str) -> (Value, Value) {
    let mut parts = token.split('.');
    let mut part = || {
        let json = BASE64_URL_SAFE_NO_PAD.decode(parts.next().unwrap()).unwrap();
        serde_json::from_slice::<Value>(&json).unwrap()
    };
    (part(), part())
}

/// Whoever has a token of the world, its database and its master key.
pub async fn forge(world: &World, token: &str) -> Forge {
    let kid = read(token).0["kid"].as_str().unwrap().to_owned();
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let row = sqlx::query("SELECT private_sealed FROM signing_keys WHERE id = $1").bind(kid.as_str());
    let sealed: String = row.fetch_one(&mut connection).await.unwrap().try_get("private_sealed").unwrap();
    connection.close().await.unwrap();
    // That of the settings of every world.
    let sealer = Sealer::new(&MasterKey::from_bytes(*b"0123456789abcdefghijklmnopqrstuv").into());
    let seed = sealer.open(&format!("signing_keys.private_sealed.{kid}"), &sealed).unwrap();
    Forge::of(token, &seed)
}

/// The verifier with the public key of a forge.
pub struct Judge {
    pub forge: Forge,
    key: DecodingKey,
}

impl Judge {
    pub fn new(forge: Forge) -> Self {
        let key = DecodingKey::from_ed_components(&forge.x()).unwrap();
        Self { forge, key }
    }

    /// Judges a token at the second in which the real one was issued.
    pub fn verify(&self, token: &str) -> Result<Claims, Fault> {
        let issuer = self.forge.issuer();
        let expected = Expected { typ: "at+jwt", issuer, audience: issuer };
        let own = VerifyingKey { algorithm: Algorithm::EdDsa, key: &self.key };
        let now = Timestamp(self.forge.now() * 1000);
        verify(token, &expected, |kid| (kid == self.forge.kid()).then_some(own), now)
    }
}

//! Keys in stories: who signs, what is published, what rests in the database.

use super::{PASSWORD, World, context};
use auth::flow::{self, SignIn};
use auth::form::SignInForm;
use auth::settings::KeySettings;
use auth::token::{Algorithm, Hs256Secret};
use auth::view::{KeyState, KeyView};
use auth::{Auth, ErrorCode};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use secrecy::SecretString;
use serde_json::Value;
use sqlx::{AnyConnection, Connection, Executor, Row};

pub const ALICE: &str = "alice@example.com";
/// Secrets of HS256, made by `openssl rand -base64 48`.
pub const SECRET: &str = "6fsWsNoXUQnqP2XzYkVQ4z0mJm3H0Qy0c9cXv8o5kWJxqf1rS7uTgB2dLhEaRi4N";
pub const OTHER_SECRET: &str = "x9KfVb3rT1nQwZ7mJd5sYp0cLg8hAeUo2iRvXyBtNkMqWjSzCfDa4GuHlEP6O1Ir";

/// Settings that want an algorithm.
pub fn wanting(algorithm: Algorithm) -> KeySettings {
    KeySettings { algorithm, ..KeySettings::default() }
}

/// Settings that want HS256 with a secret.
pub fn shared(secret: &str) -> KeySettings {
    let hs256_secret = Hs256Secret::parse(&SecretString::from(secret)).ok();
    assert!(hs256_secret.is_some());
    KeySettings { hs256_secret, ..wanting(Algorithm::Hs256) }
}

impl World {
    /// A node that starts with these settings, as a server does.
    pub async fn started_with(&self, keys: KeySettings) -> auth::Result<Auth> {
        let node = self.another_node_with(&self.clock, |settings| settings.keys = keys).await?;
        flow::adopt_signing_algorithm(&node).await?;
        Ok(node)
    }

    /// Empties the table of keys, as a new database has it.
    pub async fn forget_keys(&self) {
        let mut connection = AnyConnection::connect(&self.database.url).await.unwrap();
        connection.execute("DELETE FROM signing_keys").await.unwrap();
        connection.close().await.unwrap();
    }

    /// The sealed private half of a key, as it rests.
    pub async fn private_half(&self, kid: &str) -> String {
        let mut connection = AnyConnection::connect(&self.database.url).await.unwrap();
        let row = sqlx::query("SELECT private_sealed FROM signing_keys WHERE id = $1").bind(kid);
        let sealed = row.fetch_one(&mut connection).await.unwrap().try_get("private_sealed").unwrap();
        connection.close().await.unwrap();
        sealed
    }
}

/// A fresh access token of Alice, made by a node.
pub async fn signed_by(node: &Auth) -> String {
    let form = SignInForm { email: ALICE.into(), password: PASSWORD.into() };
    match flow::sign_in(node, form.parse().unwrap(), None, &context()).await.unwrap() {
        SignIn::SignedIn(signed_in) => signed_in.access.access_token,
        SignIn::NeedsSecondFactor(_) | SignIn::NeedsVerification(_) => panic!("Alice is not verified"),
    }
}

/// The header of a token.
pub fn header(token: &str) -> Value {
    let header = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    serde_json::from_slice(&header).unwrap()
}

/// Which key signed a token.
pub fn kid(token: &str) -> String {
    header(token)["kid"].as_str().unwrap().to_owned()
}

/// Which key a node signs with now.
pub async fn signer(node: &Auth) -> String {
    kid(&signed_by(node).await)
}

/// Whether a node accepts a token.
pub fn accepts(node: &Auth, token: &str) -> bool {
    match node.caller_of_access_token(&SecretString::from(token)) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.refusal().code, ErrorCode::InvalidToken);
            false
        }
    }
}

/// The names of the published keys, the oldest first.
pub fn published(node: &Auth) -> Vec<String> {
    let keys: Value = serde_json::from_str(&node.published_keys().json).unwrap();
    keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

/// Every key, the newest first.
pub async fn keys(node: &Auth) -> Vec<KeyView> {
    flow::list_keys(node).await.unwrap()
}

/// The states of all keys, the newest first.
pub async fn states(node: &Auth) -> Vec<KeyState> {
    keys(node).await.iter().map(|key| key.state).collect()
}

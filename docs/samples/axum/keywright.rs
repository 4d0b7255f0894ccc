//! Verifies Keywright's access tokens (RFC 9068) with the keys it publishes.
//!
//! This file is what another service copies.

use axum::http::StatusCode;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use reqwest::{Client, redirect::Policy};
use serde::de::DeserializeOwned;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

const ALGORITHMS: [Algorithm; 3] = [Algorithm::EdDSA, Algorithm::ES256, Algorithm::RS256];

/// Keywright, as a service knows it.
pub struct Keywright {
    /// Its public address.
    pub issuer: String,
    /// Its keys, and when they were asked for.
    pub keys: Mutex<Option<(JwkSet, Instant)>>,
}

impl Keywright {
    /// The claims of a token.
    ///
    /// # Errors
    /// 401 for a token that is not accepted; 503 when the keys cannot be had, which says nothing about the token.
    pub async fn verify<Claims: DeserializeOwned>(&self, token: &str) -> Result<Claims, StatusCode> {
        let refused = |_| StatusCode::UNAUTHORIZED;
        let header = decode_header(token).map_err(refused)?;
        let is_ours = header.typ.as_deref() == Some("at+jwt") && header.crit.is_none();
        let key = self.key(&header.kid.filter(|_| is_ours).ok_or(StatusCode::UNAUTHORIZED)?).await?;
        let algorithm = key.common.key_algorithm.and_then(|name| Algorithm::try_from(name).ok());
        let algorithm = algorithm.filter(|one| ALGORITHMS.contains(one)).ok_or(StatusCode::UNAUTHORIZED)?;
        let mut checks = Validation::new(algorithm);
        checks.set_issuer(&[&self.issuer]);
        checks.set_audience(&[&self.issuer]);
        checks.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        checks.validate_nbf = true;
        checks.leeway = 5;
        let key = DecodingKey::from_jwk(&key).map_err(refused)?;
        decode(token, &key, &checks).map(|verified| verified.claims).map_err(refused)
    }

    /// Fetched again after five minutes, and for an unknown `kid`, which anybody can make up, at most every ten
    /// seconds. While Keywright does not answer, the keys known so far go on.
    async fn key(&self, kid: &str) -> Result<Jwk, StatusCode> {
        let mut known = self.keys.lock().await;
        let is_fresh =
            |(keys, at): &(JwkSet, Instant)| at.elapsed().as_secs() < if keys.find(kid).is_some() { 300 } else { 10 };
        if !known.as_ref().is_some_and(is_fresh) {
            let keys = fetch(&self.issuer).await.or_else(|| known.take().map(|(keys, _)| keys));
            *known = Some((keys.ok_or(StatusCode::SERVICE_UNAVAILABLE)?, Instant::now()));
        }
        known.as_ref().and_then(|(keys, _)| keys.find(kid).cloned()).ok_or(StatusCode::UNAUTHORIZED)
    }
}

async fn fetch(issuer: &str) -> Option<JwkSet> {
    let client = Client::builder().timeout(Duration::from_secs(5)).redirect(Policy::none()).build().ok()?;
    let answer = client.get(format!("{issuer}/.well-known/jwks.json")).send().await.ok()?;
    serde_json::from_slice(&answer.error_for_status().ok()?.bytes().await.ok()?).ok()
}

//! Making and checking access tokens.

use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use super::SigningKey;
use crate::store::SessionRow;
use crate::{ErrorCode, Timestamp};

/// Longest token that is looked at.
const MAX_LENGTH: usize = 8 * 1024;
/// RFC 9068, 2.1.
const TYPE: &str = "at+jwt";

/// The claims of an access token (RFC 9068, 2.2). Times are seconds since 1970.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// The user.
    pub sub: String,
    /// The session.
    pub sid: String,
    /// Who issued it: the public address.
    pub iss: String,
    /// Whom it is for: the public address.
    pub aud: String,
    /// The client it was issued to.
    pub client_id: String,
    /// When it was issued.
    pub iat: i64,
    /// When it ends.
    pub exp: i64,
    /// Its own id.
    pub jti: String,
    /// What it allows, separated by blanks.
    pub scope: String,
    /// What the user is.
    pub roles: Vec<String>,
    /// How the user was proved (RFC 8176).
    pub amr: Vec<String>,
    /// When the user was proved.
    pub auth_time: i64,
}

/// Signs and verifies access tokens with one key and one algorithm.
pub struct AccessTokens {
    key: SigningKey,
    issuer: String,
}

impl AccessTokens {
    /// Tokens issued by and for `issuer`.
    pub fn new(key: SigningKey, issuer: &str) -> Self {
        // Chosen here and nowhere else; a second call finds the same provider in place.
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        Self { key, issuer: issuer.to_owned() }
    }

    /// The public keys as a JWK set (RFC 7517, 5).
    pub fn jwks(&self) -> serde_json::Value {
        serde_json::json!({ "keys": [self.key.jwk()] })
    }

    /// Signs a token for a live session.
    ///
    /// # Errors
    /// When signing fails: a fault of ours.
    pub fn issue(&self, session: &SessionRow, jti: String, now: Timestamp, lifetime: i64) -> anyhow::Result<String> {
        let claims = Claims {
            sub: session.user_id.0.clone(),
            sid: session.id.0.clone(),
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            client_id: "keywright".to_owned(),
            iat: now.seconds(),
            exp: now.plus_seconds(lifetime).seconds(),
            jti,
            scope: String::new(),
            roles: vec![session.role.as_str().to_owned()],
            amr: vec![session.method.clone()],
            auth_time: session.authenticated_at.seconds(),
        };
        let header =
            Header { typ: Some(TYPE.to_owned()), kid: Some(self.key.id.clone()), ..Header::new(Algorithm::EdDSA) };
        Ok(encode(&header, &claims, &self.key.signs)?)
    }

    /// Checks a token: size, type, algorithm, key, signature, issuer, audience, times.
    ///
    /// # Errors
    /// [`ErrorCode::TokenExpired`] when only its time is over, [`ErrorCode::SignedOut`] for
    /// anything else.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, ErrorCode> {
        if token.len() > MAX_LENGTH {
            return Err(ErrorCode::SignedOut);
        }
        let header = decode_header(token).map_err(|_| ErrorCode::SignedOut)?;
        let expected = header.typ.as_deref() == Some(TYPE)
            && header.alg == Algorithm::EdDSA
            && header.kid.as_deref() == Some(&*self.key.id)
            && header.crit.is_none();
        if !expected {
            return Err(ErrorCode::SignedOut);
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The library would ask the machine's clock; time is judged below, by ours.
        validation.validate_exp = false;
        let claims = decode::<Claims>(token, &self.key.verifies, &validation).map_err(|_| ErrorCode::SignedOut)?.claims;
        if claims.exp <= now.seconds() {
            return Err(ErrorCode::TokenExpired);
        }
        if claims.iat > now.plus_seconds(30).seconds() {
            return Err(ErrorCode::SignedOut);
        }
        Ok(claims)
    }
}

//! Access tokens: issuing them with the key whose time it is, and accepting them.

use anyhow::Context as _;
use jsonwebtoken::{Header, encode};

use super::claims::ActingParty;
use super::proved::Proved;
use super::verify::{Expected, VerifyingKey, verify};
use super::{Claims, Keys, Rights};
use crate::store::SessionRow;
use crate::{ErrorCode, Timestamp};

/// RFC 9068, 2.1.
const TYPE: &str = "at+jwt";

/// Issues and accepts access tokens of one issuer, with the keys that this node knows.
pub struct AccessTokens {
    keys: Keys,
    issuer: String,
}

impl AccessTokens {
    /// Tokens issued by and for `issuer`.
    pub fn new(keys: Keys, issuer: &str) -> Self {
        // Chosen here and nowhere else; a second call finds the same provider in place.
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        Self { keys, issuer: issuer.to_owned() }
    }

    /// The keys, as this node knows them.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Since when the key signs that signs now; none without one.
    pub(crate) fn signs_since(&self, now: Timestamp) -> Option<Timestamp> {
        self.keys.current().signs_since(now)
    }

    /// Signs a token for a live session, that names these rights.
    ///
    /// # Errors
    /// When no key may sign, or signing fails: a fault of ours.
    pub(crate) fn issue(
        &self,
        session: &SessionRow,
        rights: Rights,
        jti: String,
        now: Timestamp,
        lifetime: i64,
    ) -> anyhow::Result<String> {
        let ring = self.keys.current();
        let key = ring.signing(now).context("there is no key that may sign access tokens now")?;
        let proved = Proved::of(session);
        let acting = session.impersonation.as_ref();
        let claims = Claims {
            sub: session.user_id.0.clone(),
            sid: session.id.0.clone(),
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            client_id: "keywright".to_owned(),
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: now.plus_seconds(lifetime).seconds(),
            jti,
            ver: session.token_version,
            scope: rights.scope,
            org: rights.org,
            roles: rights.roles,
            amr: proved.amr,
            acr: proved.acr.to_owned(),
            auth_time: proved.auth_time,
            act: acting.map(|by| ActingParty { sub: by.impersonator.0.clone(), sid: by.own_session.0.clone() }),
            read_only: acting.is_some_and(|by| !by.writes),
        };
        let header =
            Header { typ: Some(TYPE.to_owned()), kid: Some(key.id.clone()), ..Header::new(key.algorithm.library()) };
        Ok(encode(&header, &claims, &key.signs)?)
    }

    /// Accepts a token that [`AccessTokens::issue`] made and that is not over. Whether its session was
    /// ended is asked elsewhere.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidToken`], whatever is wrong; the log says what, at `debug`.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, ErrorCode> {
        let ring = self.keys.current();
        let expected = Expected { typ: TYPE, issuer: &self.issuer, audience: &self.issuer };
        let verified = verify(
            token,
            &expected,
            |kid| {
                let key = ring.verifying(kid, now)?;
                Some(VerifyingKey { algorithm: key.algorithm, key: &key.verifies })
            },
            now,
        );
        verified.map_err(|fault| {
            tracing::debug!(?fault, "an access token is not accepted");
            ErrorCode::InvalidToken
        })
    }
}

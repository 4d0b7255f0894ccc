//! What is remembered of a way to a provider while its person is there: sealed, because the PKCE verifier (RFC 7636)
//! and the nonce (OpenID Connect Core 1.0, 3.1.2.1) prove that what comes back was asked for here.

use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;
use zeroize::Zeroizing;

use crate::{Auth, ErrorCode, Result};

/// What one way remembers.
#[derive(Serialize, Deserialize)]
pub(crate) struct FlowPayload {
    /// Must come back in the ID token.
    pub nonce: String,
    /// Proves to the provider who began.
    pub pkce_verifier: String,
    /// Who was asked: the answer must be theirs.
    pub issuer: String,
    /// Where to go on, a path of this site.
    pub next: String,
    /// The native app that began it.
    pub native: Option<NativeGoal>,
}

/// The native app that waits for the end of a way (RFC 8252).
#[derive(Serialize, Deserialize)]
pub(crate) struct NativeGoal {
    /// Where the browser goes then; it was checked at the start.
    pub redirect_uri: String,
    /// The app's own state, given back as it came.
    pub state: Option<String>,
    /// The app's own PKCE challenge, S256.
    pub code_challenge: String,
}

impl FlowPayload {
    /// The payload as it is stored beside the digest of its `state`.
    ///
    /// # Errors
    /// Never in practice.
    pub(crate) fn seal(&self, auth: &Auth, digest: &str) -> Result<String> {
        let plain = Zeroizing::new(serde_json::to_vec(self).map_err(anyhow::Error::from)?);
        Ok(auth.sealer.seal(&*auth.random, &place(digest), &plain))
    }

    /// Opens what was stored.
    ///
    /// # Errors
    /// When it was sealed under another master key, or for another row.
    pub(crate) fn open(auth: &Auth, digest: &str, sealed: &str) -> Result<Self> {
        let plain = auth.sealer.open(&place(digest), sealed).map_err(anyhow::Error::from)?;
        Ok(serde_json::from_slice(&plain).map_err(anyhow::Error::from)?)
    }
}

impl NativeGoal {
    /// Where the browser goes when nobody is let in (RFC 6749, 4.1.2.1; `iss`: RFC 9207).
    pub(crate) fn refused(&self, issuer: &str, code: ErrorCode) -> String {
        let error = match code {
            ErrorCode::ProviderRefused | ErrorCode::AccountClosed => "access_denied",
            ErrorCode::ProviderUnavailable | ErrorCode::Busy | ErrorCode::Unavailable => "temporarily_unavailable",
            _ => "server_error",
        };
        let mut query = Serializer::new(String::new());
        query.append_pair("error", error);
        if let Some(state) = &self.state {
            query.append_pair("state", state);
        }
        query.append_pair("iss", issuer);
        let joint = if self.redirect_uri.contains('?') { '&' } else { '?' };
        format!("{}{joint}{}", self.redirect_uri, query.finish())
    }
}

fn place(digest: &str) -> String {
    format!("federation_flows.payload_sealed.{digest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_native_app_is_told_no_with_its_own_state() {
        let mut goal = NativeGoal {
            redirect_uri: "http://127.0.0.1:7000/back".to_owned(),
            state: Some("a b&c".to_owned()),
            code_challenge: String::new(),
        };
        assert_eq!(
            goal.refused("https://id.example.com", ErrorCode::ProviderRefused),
            "http://127.0.0.1:7000/back?error=access_denied&state=a+b%26c&iss=https%3A%2F%2Fid.example.com"
        );
        (goal.redirect_uri, goal.state) = ("app:/back?x=1".to_owned(), None);
        assert_eq!(
            goal.refused("x", ErrorCode::ProviderUnavailable),
            "app:/back?x=1&error=temporarily_unavailable&iss=x"
        );
    }
}

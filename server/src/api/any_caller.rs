//! Who is calling where programs may call, too: a person's session, or a personal access token with the
//! scope that the handler names. Every other handler takes `Extension<Result<Caller, ErrorCode>>`, which
//! a token is not.

use auth::session::{Actor, Caller, TokenCaller};
use auth::{Context, ErrorCode, Locale, Scope};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;

use crate::problem::Refused;

/// Whoever is calling. Only [`AnyCaller::with`] makes something of a token.
pub struct AnyCaller {
    session: Result<Caller, ErrorCode>,
    token: Option<TokenCaller>,
    locale: Locale,
}

impl<S: Send + Sync> FromRequestParts<S> for AnyCaller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let extensions = &parts.extensions;
        Ok(Self {
            session: extensions.get::<Result<Caller, ErrorCode>>().cloned().unwrap_or(Err(ErrorCode::SignedOut)),
            token: extensions.get::<TokenCaller>().cloned(),
            locale: extensions.get::<Context>().map_or(Locale::default(), |context| context.locale),
        })
    }
}

impl AnyCaller {
    /// The person in a session, when it is one.
    pub fn session(&self) -> Option<&Caller> {
        self.session.as_ref().ok()
    }

    /// The actor of an act of the kind `scope`.
    ///
    /// # Errors
    /// Nobody is signed in; the token is none, or was not made for it.
    pub fn with(self, scope: Scope) -> Result<Actor, Refused> {
        match (self.session, self.token) {
            (Ok(caller), _) => Ok(Actor::from(&caller)),
            (Err(_), Some(token)) => token.with(scope).map_err(|_| Refused::insufficient_scope(scope, self.locale)),
            (Err(code), None) => Err(Refused::new(code, self.locale)),
        }
    }
}

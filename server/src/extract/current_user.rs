//! The person behind a request.

use auth::session::Caller;
use auth::{Context, ErrorCode, Locale};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::problem::Refused;

/// Somebody in a live session. A handler that takes it refuses everybody else: who is signed out, whose token is not
/// accepted, and programs with a personal access token.
#[derive(Clone)]
pub struct CurrentUser {
    /// The account and the session.
    pub caller: Caller,
    /// Where the request came from, and in which language it is answered.
    pub context: Context,
}

impl<S: Send + Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refused> {
        let Some(context) = parts.extensions.get::<Context>().cloned() else {
            return Err(Refused::new(ErrorCode::Internal, Locale::default()));
        };
        let caller = parts.extensions.get::<Result<Caller, ErrorCode>>().cloned();
        match caller.unwrap_or(Err(ErrorCode::SignedOut)) {
            Ok(caller) => Ok(Self { caller, context }),
            Err(code) => Err(Refused::new(code, context.locale)),
        }
    }
}

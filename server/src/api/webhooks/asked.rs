//! A request about webhooks: who asks, and about whose.

use auth::flow::{self, WebhookOwner, WebhookRight};
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, Locale};
use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::problem::Refused;

/// Somebody who is signed in, and what the address names. Whether they may is asked by [`Asked::permit`] and by each
/// flow.
pub struct Asked {
    pub auth: Auth,
    pub context: Context,
    pub caller: Caller,
    pub owner: WebhookOwner,
    /// The id of the webhook as it stands in the address; empty where none does.
    pub webhook: String,
    /// The id of the delivery.
    pub delivery: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked
where
    Auth: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let context = parts.extensions.get::<Context>().cloned();
        let context = context.ok_or_else(|| Refused::new(ErrorCode::Internal, Locale::default()))?;
        let locale = context.locale;
        let caller = parts.extensions.get::<Result<Caller, ErrorCode>>().cloned().unwrap_or(Err(ErrorCode::SignedOut));
        let caller = caller.map_err(|code| Refused::new(code, locale))?;
        let params = RawPathParams::from_request_parts(parts, state).await;
        // What cannot be read as text is no id.
        let params = params.map_err(|_| Refused::new(ErrorCode::MalformedRequest, locale))?;
        let param = |wanted: &str| params.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned());
        let owner = match param("organization") {
            Some(id) => WebhookOwner::of_organization(&id).map_err(|error| Refused::from_error(&error, locale))?,
            None => WebhookOwner::Platform,
        };
        let (webhook, delivery) = (param("id").unwrap_or_default(), param("delivery").unwrap_or_default());
        Ok(Self { auth: Auth::from_ref(state), context, caller, owner, webhook, delivery })
    }
}

impl Asked {
    /// Whether they may, asked before anything else of the request is read: to others nothing is there, however they ask.
    pub async fn permit(&self, right: WebhookRight) -> Result<(), Refused> {
        let permitted = flow::require_webhooks(&self.auth, &self.caller, &self.owner, right, &self.context).await;
        permitted.map_err(|error| self.refused(&error))
    }

    /// An error of a flow in the reader's language.
    pub fn refused(&self, error: &auth::Error) -> Refused {
        Refused::from_error(error, self.context.locale)
    }
}

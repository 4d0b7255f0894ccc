//! A provider's access token, for a product that calls the provider's API in the name of its person.

use secrecy::SecretString;
use uuid::Uuid;

use crate::federation::open_access;
use crate::id::ConnectionId;
use crate::session::Caller;
use crate::{Auth, ErrorCode, Result};

/// The access token of a connection of the caller, as long as it lives. No page and no route gives it: it is for the
/// program around the engine.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for a connection that is not the caller's, of which no token is
/// kept, or whose token is over.
pub async fn provider_access_token(auth: &Auth, caller: &Caller, id: &ConnectionId) -> Result<SecretString> {
    auth.session_of(caller).await?;
    // A database need not take every text: PostgreSQL refuses a zero byte.
    let id = ConnectionId(Uuid::try_parse(id.as_str()).map_err(|_| ErrorCode::NotFound)?.to_string());
    let kept = auth.store.kept_access(&caller.user_id, &id).await?.ok_or(ErrorCode::NotFound)?;
    let keeps = auth.providers.get(&kept.provider).is_some_and(|provider| provider.settings().keeps_tokens);
    if !keeps || kept.expires_at.is_some_and(|at| at <= auth.now()) {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(open_access(auth, &id, &kept.access_sealed)?)
}

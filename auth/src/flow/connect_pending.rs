//! Whoever came from a provider with a known address has proved the account, and connects it now. The sign-in that was
//! asked for is the fresh proof that this risky act needs.

use secrecy::SecretString;

use super::link_identity::link_identity;
use super::pending_connection::{Waiting, proved_at};
use super::reauthenticate::{reauthentication_required, require_fresh_proof};
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, Result};

/// Connects the account of a ticket, once.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::FederationExpired`] for a ticket that is used, over, invented, or of another
/// account; [`ErrorCode::ReauthenticationRequired`] when the person was not proved since they came from the provider;
/// [`ErrorCode::ConnectionTaken`].
pub async fn connect_pending(auth: &Auth, caller: &Caller, ticket: &SecretString, context: &Context) -> Result<()> {
    auth.session_of(caller).await?;
    let waiting = Waiting::of(auth, ticket).await?;
    if waiting.row.user_id.as_ref() != Some(&caller.user_id) {
        return Err(ErrorCode::FederationExpired.into());
    }
    let session = require_fresh_proof(auth, caller).await?;
    if proved_at(&session) < waiting.row.created_at {
        return Err(reauthentication_required(auth, &session).await?.into());
    }
    link_identity(auth, (caller, &session), &waiting.identity, Some(&waiting.digest), context).await
}

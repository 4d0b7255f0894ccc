//! A new connection of an account whose person is there: the end of both ways to one.

use super::reauthenticate::require_proved_once;
use crate::federation::{Identity, add_connection};
use crate::session::Caller;
use crate::store::SessionRow;
use crate::{Auth, Context, ErrorCode, Result};

/// Connects, and tells the person by mail. With `pending`, the digest of a ticket, uses that up in the same
/// transaction. What is connected with this account already is only refreshed.
///
/// # Errors
/// [`ErrorCode::SignedOut`] when the session ended meanwhile; [`ErrorCode::ReauthenticationRequired`] when the account
/// has a strong factor that this session did not prove; [`ErrorCode::FederationExpired`] for a ticket that is used or
/// over; [`ErrorCode::ConnectionTaken`].
pub(super) async fn link_identity(
    auth: &Auth,
    (caller, session): (&Caller, &SessionRow),
    identity: &Identity,
    pending: Option<&str>,
    context: &Context,
) -> Result<()> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let user = tx.hold_owner(&caller.user_id, now).await?.ok_or(ErrorCode::SignedOut)?;
    require_proved_once(session, &user.factors)?;
    // Asked again now that the account is held: a session that "this was not me" ended in this very moment connects
    // nothing.
    if !tx.is_live_session(&caller.session_id, now).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    if let Some(digest) = pending {
        tx.use_pending_connection(digest, now).await?.ok_or(ErrorCode::FederationExpired)?;
    }
    if !add_connection(auth, &mut tx, &user, identity, context).await? {
        return Err(ErrorCode::ConnectionTaken.into());
    }
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}

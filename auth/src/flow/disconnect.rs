//! Disconnecting an account of a provider: it opens this account no more.

use uuid::Uuid;

use super::admit::method_by;
use super::reauthenticate::require_fresh_proof;
use super::secure_account::new_notice_link;
use super::ways_in::has_way_in;
use crate::federation::provider_name;
use crate::id::ConnectionId;
use crate::mail::{Mail, Message};
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Removes a connection of the caller, with the tokens that are kept of it. Tells the person by mail, and asks for a
/// fresh proof. Other sessions that came by this provider end: whoever came by what is disconnected could connect it
/// again.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::NotFound`] for a connection that is
/// not the caller's, whether it exists or not; [`ErrorCode::LastWayIn`] when nobody could sign in without it.
pub async fn disconnect(auth: &Auth, caller: &Caller, id: &ConnectionId, context: &Context) -> Result<()> {
    require_fresh_proof(auth, caller).await?;
    // A database need not take every text: PostgreSQL refuses a zero byte.
    let id = ConnectionId(Uuid::try_parse(id.as_str()).map_err(|_| ErrorCode::NotFound)?.to_string());
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let user = tx.hold_owner(&caller.user_id, now).await?.ok_or(ErrorCode::SignedOut)?;
    if !tx.is_live_session(&caller.session_id, now).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    let gone = tx.remove_connection(&user.id, &id).await?.ok_or(ErrorCode::NotFound)?;
    // One to a provider that the settings know no more was no way in.
    if auth.providers.get(&gone.provider).is_some() && !has_way_in(auth, &mut tx, &user).await? {
        return Err(ErrorCode::LastWayIn.into());
    }
    let message = Message::ConnectionRemoved {
        name: user.name,
        provider: provider_name(auth, &gone.provider),
        account: gone.email,
        device: context.device.clone(),
        at: now,
        link: new_notice_link(auth, &mut tx, &user.id, &user.email, now).await?,
    };
    auth.promise_mail(&mut tx, &Mail { to: user.email, locale: user.locale, message }).await?;
    let subject = (Some(&user.id), Some(&caller.session_id));
    auth.audit(&mut tx, EventKind::ConnectionRemoved, subject, context).await?;
    let methods = (method_by(&gone.provider, false), method_by(&gone.provider, true));
    let methods = (methods.0.as_str(), methods.1.as_str());
    let ended = tx.end_sessions_begun_by(&user.id, methods, &caller.session_id, now).await?;
    tx.commit().await?;
    for session in ended {
        auth.revocations.insert(session, now);
    }
    auth.wake_worker();
    Ok(())
}

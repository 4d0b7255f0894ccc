//! Ending every session but one's own: whoever else is signed in is out.

use super::end_session::REASON;
use crate::session::Caller;
use crate::{Auth, Context, EventKind, Result};

/// Ends all other sessions of the caller and says how many there were.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn end_other_sessions(auth: &Auth, caller: &Caller, context: &Context) -> Result<u64> {
    auth.session_of(caller).await?;
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let ended = tx.end_sessions_except(&caller.user_id, &caller.session_id, REASON, now).await?;
    if ended.is_empty() {
        return Ok(0);
    }
    let subject = (Some(&caller.user_id), Some(&caller.session_id));
    auth.audit(&mut tx, EventKind::SessionOthersEnded, subject, context).await?;
    tx.commit().await?;
    let count = ended.len() as u64;
    for id in ended {
        auth.revocations.insert(id, now);
    }
    Ok(count)
}

//! Ending every session but one's own: whoever else is signed in is out (ASVS 5.0, 7.5.2).

use super::end_session::REASON;
use super::reauthenticate::require_fresh_actor;
use crate::id::SessionId;
use crate::session::Actor;
use crate::{Auth, Context, EventKind, Result};

/// Ends all other sessions of the actor, once they were proved, and says how many there were. A program with a token has
/// none of its own: all end.
///
/// # Errors
/// [`crate::ErrorCode::ReauthenticationRequired`]; [`crate::ErrorCode::SignedOut`].
pub async fn end_other_sessions(auth: &Auth, actor: impl Into<Actor>, context: &Context) -> Result<u64> {
    let actor = actor.into();
    require_fresh_actor(auth, &actor).await?;
    let kept = actor.session_id().cloned().unwrap_or_else(|| SessionId(String::new()));
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let ended = tx.end_sessions_except(&actor.user_id, &kept, REASON, now).await?;
    if ended.is_empty() {
        return Ok(0);
    }
    auth.audit(&mut tx, EventKind::SessionOthersEnded, actor.subject(), context).await?;
    tx.commit().await?;
    let count = ended.len() as u64;
    for id in ended {
        auth.revocations.insert(id, now);
    }
    Ok(count)
}

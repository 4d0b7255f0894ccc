//! Ending one of one's own sessions, such as that of a lost phone (ASVS 5.0, 7.5.2).

use uuid::Uuid;

use super::reauthenticate::require_fresh_actor;
use crate::id::SessionId;
use crate::session::Actor;
use crate::weakened::{self, Defence};
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Why a session ended that its owner ended from the list.
pub(super) const REASON: &str = "ended_by_user";

/// Ends a session of the actor. One that had ended before is no failure: it is out. Another one than that at hand asks
/// for a fresh proof: whoever holds a stolen session does not sign its owner out with it.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a session that is not the actor's, whether it exists or not;
/// [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::SignedOut`].
pub async fn end_session(auth: &Auth, actor: impl Into<Actor>, id: &SessionId, context: &Context) -> Result<()> {
    let actor = actor.into();
    if actor.session_id() == Some(id) {
        // As a sign-out does, which asks for nothing.
        auth.require_live(&actor).await?;
    } else {
        require_fresh_actor(auth, &actor).await?;
    }
    // A database need not take every text: PostgreSQL refuses a zero byte.
    if Uuid::try_parse(id.as_str()).is_err() {
        return Err(ErrorCode::NotFound.into());
    }
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let is_ended = if weakened::is_off(Defence::Owner) {
        tx.end_session(id, REASON, now).await?
    } else {
        tx.end_session_of(&actor.user_id, id, REASON, now).await?
    };
    if is_ended {
        auth.audit(&mut tx, EventKind::SessionEnded, (Some(&actor.user_id), Some(id)), context).await?;
    } else if !tx.is_session_of(&actor.user_id, id).await? {
        return Err(ErrorCode::NotFound.into());
    }
    tx.commit().await?;
    auth.revocations.insert(id.clone(), now);
    Ok(())
}

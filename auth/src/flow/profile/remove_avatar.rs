//! Going without a picture again.

use crate::session::Actor;
use crate::{Auth, Context, EventKind, Result};

/// Forgets the caller's picture. Without one, nothing changes and no trace is left.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn remove_avatar(auth: &Auth, actor: impl Into<Actor>, context: &Context) -> Result<()> {
    let actor = actor.into();
    auth.require_live(&actor).await?;
    let mut tx = auth.store.begin().await?;
    if tx.delete_avatar(&actor.user_id).await? {
        auth.audit(&mut tx, EventKind::UserAvatarRemoved, actor.subject(), context).await?;
    }
    tx.commit().await?;
    Ok(())
}

//! Going without a picture again.

use crate::session::Caller;
use crate::{Auth, Context, EventKind, Result};

/// Forgets the caller's picture. Without one, nothing changes and no trace is left.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn remove_avatar(auth: &Auth, caller: &Caller, context: &Context) -> Result<()> {
    auth.session_of(caller).await?;
    let mut tx = auth.store.begin().await?;
    if tx.delete_avatar(&caller.user_id).await? {
        let subject = (Some(&caller.user_id), Some(&caller.session_id));
        auth.audit(&mut tx, EventKind::UserAvatarRemoved, subject, context).await?;
    }
    tx.commit().await?;
    Ok(())
}

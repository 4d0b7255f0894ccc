//! Revoking every personal access token of one's own.

use crate::session::Caller;
use crate::{Auth, Context, EventKind, Result};

/// Revokes all tokens of the caller and says how many there were. None is no failure and leaves no trace.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn revoke_all_tokens(auth: &Auth, caller: &Caller, context: &Context) -> Result<u64> {
    auth.session_of(caller).await?;
    let mut tx = auth.store.begin().await?;
    tx.hold_user(&caller.user_id).await?;
    let revoked = tx.revoke_tokens_of(&caller.user_id, auth.now()).await?;
    if revoked > 0 {
        let subject = (Some(&caller.user_id), Some(&caller.session_id));
        auth.audit(&mut tx, EventKind::TokensRevoked, subject, context).await?;
    }
    tx.commit().await?;
    Ok(revoked)
}

//! Calling off a change of address that waits for its new address.

use crate::session::Caller;
use crate::{Auth, Context, EventKind, Result};

/// Kills link and code of the change that waits. Nothing to call off is no failure.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn cancel_email_change(auth: &Auth, caller: &Caller, context: &Context) -> Result<()> {
    auth.session_of(caller).await?;
    let mut tx = auth.store.begin().await?;
    if tx.kill_waiting_email_change(&caller.user_id, auth.now()).await? {
        let subject = (Some(&caller.user_id), Some(&caller.session_id));
        auth.audit(&mut tx, EventKind::EmailChangeCancelled, subject, context).await?;
    }
    tx.commit().await?;
    Ok(())
}

//! "I saved them": what the person says about their recovery codes, so that nobody has to be reminded.

use crate::session::Caller;
use crate::{Auth, Result};

/// Notes it. New codes must be saved anew.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn recovery_codes_saved(auth: &Auth, caller: &Caller) -> Result<()> {
    auth.session_of(caller).await?;
    let mut tx = auth.store.begin().await?;
    tx.note_recovery_codes_saved(&caller.user_id, auth.now()).await?;
    tx.commit().await?;
    Ok(())
}

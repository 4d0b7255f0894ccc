//! How many recovery codes are left, for the person whose they are.

use crate::session::Caller;
use crate::view::RecoveryCodesStatus;
use crate::{Auth, Result};

/// How many recovery codes of the caller are left, when they were made, and whether the person keeps them.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn recovery_codes_status(auth: &Auth, caller: &Caller) -> Result<RecoveryCodesStatus> {
    let session = auth.session_of(caller).await?;
    let status = auth.store.recovery_codes_status(&caller.user_id).await?;
    Ok(RecoveryCodesStatus { may_be_made: !session.factors.is_empty(), ..status })
}

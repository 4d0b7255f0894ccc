//! Switching the explanation of one's own sign-ins on or off: for administrators.

use crate::session::Caller;
use crate::{Auth, ErrorCode, Result, Role};

/// Explains the caller's sign-ins from now on, or no longer; then what was kept of them is forgotten.
///
/// # Errors
/// [`ErrorCode::NotFound`] for who is no administrator, [`ErrorCode::SignedOut`].
pub async fn switch_explanations(auth: &Auth, caller: &Caller, on: bool) -> Result<()> {
    if auth.session_of(caller).await?.role != Role::PlatformAdmin {
        return Err(ErrorCode::NotFound.into());
    }
    let mut tx = auth.store.begin().await?;
    tx.set_explains_sign_in(&caller.user_id, on.then(|| auth.now())).await?;
    tx.commit().await?;
    auth.exchanges.forget(&caller.user_id);
    Ok(())
}

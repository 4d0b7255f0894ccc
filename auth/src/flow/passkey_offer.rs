//! The one offer of a passkey to somebody who signed in with a password. Whether the device can keep one is known to
//! the browser alone.

use crate::session::Caller;
use crate::{Auth, FactorMethod, Result};

/// Whether there can be passkeys here: not where the public URL has an address instead of a name.
pub fn passkeys_are_possible(auth: &Auth) -> bool {
    auth.relying_party().is_ok()
}

/// Whether to offer the caller a passkey: they signed in with a password, have none, and did not say no.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn offers_passkey(auth: &Auth, caller: &Caller) -> Result<bool> {
    let session = auth.session_of(caller).await?;
    let has_reason = session.method == "pwd" && !session.factors.contains(FactorMethod::Passkey);
    Ok(has_reason && passkeys_are_possible(auth) && !auth.store.declined_passkey(&session.user_id).await?)
}

/// The caller wants no passkey for now, and is not asked again, wherever they sign in.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn decline_passkey_offer(auth: &Auth, caller: &Caller) -> Result<()> {
    auth.session_of(caller).await?;
    let mut tx = auth.store.begin().await?;
    tx.note_declined_passkey(&caller.user_id, auth.now()).await?;
    tx.commit().await?;
    Ok(())
}

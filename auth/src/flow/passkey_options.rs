//! The question for one more passkey.

use super::add_passkey::MOST;
use super::reauthenticate::require_fresh_proof;
use crate::factor::PasskeyRequest;
use crate::factor::passkey::begin_new_passkey;
use crate::session::Caller;
use crate::{Auth, ErrorCode, Result};

/// Asks the caller's browser for a passkey that the account does not have. Asks for a fresh proof.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::FactorUnavailable`] where the
/// public URL has an address instead of a name, and for an account with twenty passkeys.
pub async fn passkey_options(auth: &Auth, caller: &Caller) -> Result<PasskeyRequest> {
    let session = require_fresh_proof(auth, caller).await?;
    if auth.store.passkeys_of(&caller.user_id).await?.len() as u64 >= MOST.unsigned_abs() {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    begin_new_passkey(auth, &session).await
}

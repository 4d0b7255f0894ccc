//! Adding a passkey: from now on it is asked for after the password, and signs in without one.

use super::list_passkeys::item;
use super::reauthenticate::require_fresh_proof;
use crate::factor::notice::tell_factor_added;
use crate::factor::passkey::finish_new_passkey;
use crate::factor::recovery_codes::ensure_recovery_codes;
use crate::factor::{PasskeyAnswer, RecoveryCodes};
use crate::id::PasskeyId;
use crate::session::Caller;
use crate::store::NewPasskey;
use crate::view::PasskeyItem;
use crate::{Auth, Context, ErrorCode, FactorMethod, Result, TokenName};

/// Passkeys of one account.
pub(super) const MOST: i64 = 20;

/// A passkey that was added.
pub struct AddedPasskey {
    /// As its owner's list shows it from now on.
    pub passkey: PasskeyItem,
    /// Ten codes for the day that everything else is lost, when the account had none: shown this once.
    pub recovery_codes: Option<RecoveryCodes>,
}

/// Adds the passkey that a browser made, and tells the person by mail. Asks for a fresh proof. Without a name it is
/// called as its authenticator.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::PasskeyRefused`], whatever is wrong
/// with the answer; [`ErrorCode::PasskeyKnown`] when an account has it; [`ErrorCode::FactorUnavailable`] for an
/// account with twenty passkeys.
pub async fn add_passkey(
    auth: &Auth,
    caller: &Caller,
    answer: &PasskeyAnswer,
    name: Option<TokenName>,
    context: &Context,
) -> Result<AddedPasskey> {
    require_fresh_proof(auth, caller).await?;
    let passkey = finish_new_passkey(auth, caller, answer).await?;
    let now = auth.now();
    let id = PasskeyId(auth.random.id(now));

    let mut tx = auth.store.begin().await?;
    let user = tx.hold_owner(&caller.user_id, now).await?.ok_or(ErrorCode::SignedOut)?;
    // Asked again now that the account is held: a session that "this was not me" ended in this very
    // moment leaves no passkey behind.
    if !tx.is_live_session(&caller.session_id, now).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    if tx.count_passkeys(&user.id).await? >= MOST {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    let name = name.unwrap_or_else(|| passkey.name(user.locale));
    let new = NewPasskey { id: &id, user_id: &user.id, name: &name, passkey: &passkey, created_at: now };
    if !tx.insert_passkey(new).await? {
        return Err(ErrorCode::PasskeyKnown.into());
    }
    tx.add_factor(&user.id, FactorMethod::Passkey, now).await?;
    // Truly proved a moment ago: the next risky act in this session need not ask for it again.
    tx.set_factor_proved(&caller.session_id, FactorMethod::Passkey, now).await?;
    let recovery_codes =
        if user.factors.is_empty() { ensure_recovery_codes(auth, &mut tx, &user.id).await? } else { None };
    tell_factor_added(auth, &mut tx, &user, FactorMethod::Passkey, Some(&caller.session_id), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    let row = auth.store.passkey_by_credential(&passkey.credential_id).await?.ok_or(ErrorCode::ChangedMeanwhile)?;
    Ok(AddedPasskey { passkey: item(row), recovery_codes })
}

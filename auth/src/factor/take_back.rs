//! Factors that came since something happened that the owner of the account says was not them: a thief may have made
//! them, and each of them would keep the owner out, or let the thief in again.
//!
//! Whoever has the mailbox can ask for this. So it leads back to how the account was before, and never below: an account
//! that had a strong factor before, which was replaced since, is asked for the new one still. With the password void, an
//! app or a number lets nobody in alone; a passkey does, and goes always. The owner's way back are the other factors, or
//! the recovery by mail and its three days.

use super::FactorMethod;
use crate::id::UserId;
use crate::store::Transaction;
use crate::{Result, Timestamp};

/// From which moment on factors are taken back.
#[derive(Clone, Copy)]
pub(crate) struct TakenSince {
    /// Authenticator apps, phone numbers and recovery codes.
    pub codes: Timestamp,
    /// Passkeys, not later.
    pub passkeys: Timestamp,
}

/// Removes what was added since, as part of a transaction. Codes by mail stay: they go to the mailbox that asked for
/// this.
///
/// # Errors
/// Only when the database fails.
pub(crate) async fn take_back_factors(tx: &mut Transaction, user: &UserId, since: TakenSince) -> Result<()> {
    // First: it holds the account.
    let Some(before) = tx.hold_factors(user).await? else { return Ok(()) };
    let has_no_passkey =
        tx.delete_passkeys_since(user, since.passkeys).await? > 0 && tx.count_passkeys(user).await? == 0;
    let (app, number) = tx.has_new_codes(user, since.codes).await?;
    let gone: Vec<_> =
        [(has_no_passkey, FactorMethod::Passkey), (app, FactorMethod::Totp), (number, FactorMethod::SmsCode)]
            .into_iter()
            .filter_map(|(is_gone, method)| is_gone.then_some(method))
            .collect();
    let mut left = before.clone();
    gone.iter().for_each(|method| left.remove(*method));
    let was_strong = before.has_strong() && tx.strong_since(user).await?.is_some_and(|at| at < since.codes);
    if was_strong && !left.has_strong() {
        return Ok(());
    }
    tx.delete_totp_since(user, since.codes).await?;
    tx.delete_phone_number_since(user, since.codes).await?;
    tx.delete_recovery_codes_since(user, since.codes).await?;
    for method in gone {
        tx.remove_factor(user, method).await?;
    }
    if left.is_empty() {
        tx.delete_recovery_codes(user).await?;
    }
    Ok(())
}

//! Factors that came since something happened that the owner of the account says was not them: a thief may have made
//! them, and each of them would keep the owner out, or let the thief in again.
//!
//! Whoever has the mailbox can ask for this. So it leads back to how the account was before, and never below: an account
//! that had a factor before, which was replaced since, is asked for one still. Its way back are the others it has, or
//! the recovery by mail and its three days.

use super::FactorMethod;
use crate::id::UserId;
use crate::store::Transaction;
use crate::{Result, Timestamp};

/// Removes what was added or replaced at `since` or later, as part of a transaction. Codes by mail stay: they go to the
/// mailbox that asked for this.
///
/// # Errors
/// Only when the database fails.
pub(crate) async fn take_back_factors(tx: &mut Transaction, user: &UserId, since: Timestamp) -> Result<()> {
    // First: it holds the account.
    let Some(mut left) = tx.hold_factors(user).await? else { return Ok(()) };
    let mut gone = Vec::new();
    if tx.delete_passkeys_since(user, since).await? > 0 && tx.count_passkeys(user).await? == 0 {
        gone.push(FactorMethod::Passkey);
    }
    if tx.delete_totp_since(user, since).await? {
        gone.push(FactorMethod::Totp);
    }
    if tx.delete_phone_number_since(user, since).await? {
        gone.push(FactorMethod::SmsCode);
    }
    tx.delete_recovery_codes_since(user, since).await?;
    gone.iter().for_each(|method| left.remove(*method));
    if left.is_empty() && tx.had_factor_before(user, since).await? {
        return Ok(());
    }
    for method in gone {
        tx.remove_factor(user, method).await?;
    }
    if left.is_empty() {
        tx.delete_recovery_codes(user).await?;
    }
    Ok(())
}

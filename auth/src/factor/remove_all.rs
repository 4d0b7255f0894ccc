//! The end of every factor of an account: after a recovery by mail, and when an administrator resets them.

use crate::id::UserId;
use crate::store::Transaction;
use crate::{Auth, Result};

/// Removes passkeys, authenticator app, phone number, codes by mail, recovery codes and trusted devices, and the
/// sign-ins that wait for one of these, as part of a transaction. Whoever calls it ends the sessions, tells the person
/// and audits; the policy then asks for a factor anew.
///
/// # Errors
/// Only when the database fails.
pub(crate) async fn remove_all_factors(auth: &Auth, tx: &mut Transaction, user: &UserId) -> Result<()> {
    // First: it holds the account.
    tx.clear_factors(user).await?;
    // A recovery that runs is needless now.
    tx.kill_account_recovery(user, auth.now()).await?;
    tx.delete_totp(user).await?;
    tx.delete_phone_numbers(user).await?;
    tx.delete_recovery_codes(user).await?;
    tx.revoke_trusted_devices(user, auth.now()).await?;
    tx.forget_factor_proofs(user, None).await?;
    tx.kill_pending_sign_ins(user).await?;
    Ok(())
}

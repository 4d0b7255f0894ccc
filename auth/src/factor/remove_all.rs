//! The end of every factor of an account: after a recovery by mail, and when an administrator resets them.

use crate::id::UserId;
use crate::store::Transaction;
use crate::{Auth, Result};

/// Removes passkeys, authenticator app, codes by SMS and mail, recovery codes and trusted devices, as part of a
/// transaction. Whoever calls it ends the sessions, tells the person and audits; the policy then asks for a factor anew.
///
/// # Errors
/// Only when the database fails.
pub(crate) async fn remove_all_factors(auth: &Auth, tx: &mut Transaction, user: &UserId) -> Result<()> {
    Ok(tx.remove_all_factors(user, auth.now()).await?)
}

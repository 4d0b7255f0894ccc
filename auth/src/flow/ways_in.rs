//! The ways into an account: its password, its passkeys, and its connections to providers that the settings know.

use crate::store::{Transaction, UserRow};
use crate::{Auth, Result};

/// Whether somebody can still sign in to an account. `user` was read by this transaction, which holds the account and
/// has removed what is to go: this judges what the transaction itself did, so two removals at once cannot each leave
/// the other's way to it.
pub(super) async fn has_way_in(auth: &Auth, tx: &mut Transaction, user: &UserRow) -> Result<bool> {
    if user.password_hash.is_some() || tx.count_passkeys(&user.id).await? > 0 {
        return Ok(true);
    }
    let connected = tx.connected_providers(&user.id).await?;
    Ok(connected.iter().any(|provider| auth.providers.get(provider).is_some()))
}

//! Connections that came since something happened that the owner of the account says was not them: a thief who
//! connected their own account of a provider would come in again, whatever the password is.
//!
//! A connection opens the account alone, as a passkey does, so it goes back as far as passkeys do: to the eldest notice
//! that the mailbox may still answer. One of before stays, so the account is never below what it was; and what a thief
//! disconnected is connected again by its owner.

use crate::id::UserId;
use crate::store::Transaction;
use crate::{Result, Timestamp};

/// Removes the connections that were made since, with their tokens, and what waits to become one, as part of a
/// transaction that holds the account.
///
/// # Errors
/// Only when the database fails.
pub(crate) async fn take_back_connections(tx: &mut Transaction, user: &UserId, since: Timestamp) -> Result<()> {
    Ok(tx.delete_connections_since(user, since).await?)
}

/// Removes every connection: after a recovery by mail, which leaves no factor that would be asked for after one.
///
/// # Errors
/// Only when the database fails.
pub(crate) async fn remove_all_connections(tx: &mut Transaction, user: &UserId) -> Result<()> {
    Ok(tx.delete_connections_since(user, Timestamp(0)).await?)
}

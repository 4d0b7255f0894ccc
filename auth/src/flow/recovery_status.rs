//! Where a recovery by mail stands, and what its mailed links would do. Nothing here changes anything.

use secrecy::SecretString;

use super::pending_sign_in::Waiting;
use crate::crypto::{Purpose, token_digest};
use crate::id::UserId;
use crate::session::Caller;
use crate::store::AccountRecoveryRow;
use crate::view::{AccountRecovery, RecoveryToComplete};
use crate::{Auth, Email, ErrorCode, Result};

/// The recovery of the caller's account that runs, for the notice in their sessions.
///
/// # Errors
/// Only when the database fails.
pub async fn running_recovery(auth: &Auth, caller: &Caller) -> Result<Option<AccountRecovery>> {
    recovery_of(auth, &caller.user_id).await
}

/// The address of a sign-in that waits for its second factor, and the recovery of its account that runs.
///
/// # Errors
/// [`ErrorCode::SecondFactorExpired`].
pub async fn recovery_of_sign_in(auth: &Auth, ticket: &SecretString) -> Result<(Email, Option<AccountRecovery>)> {
    let Waiting { user, .. } = Waiting::of(auth, ticket).await?;
    let running = recovery_of(auth, &user.id).await?;
    Ok((user.email, running))
}

/// What the link that calls a recovery off is about.
///
/// # Errors
/// [`ErrorCode::LinkExpired`].
pub async fn recovery_to_cancel(auth: &Auth, token: &SecretString) -> Result<AccountRecovery> {
    let digest = token_digest(Purpose::AccountRecoveryCancel, token);
    let found = auth.store.account_recovery_to_cancel(&digest, auth.now()).await?;
    found.map(view).ok_or_else(|| ErrorCode::LinkExpired.into())
}

/// What the link that completes a recovery is about.
///
/// # Errors
/// [`ErrorCode::LinkExpired`].
pub async fn recovery_to_complete(auth: &Auth, token: &SecretString) -> Result<RecoveryToComplete> {
    let digest = token_digest(Purpose::AccountRecoveryLink, token);
    let found = auth.store.account_recovery_to_complete(&digest, auth.now()).await?.ok_or(ErrorCode::LinkExpired)?;
    let user = auth.store.user(&found.user_id).await?.ok_or(ErrorCode::LinkExpired)?;
    Ok(RecoveryToComplete { recovery: view(found), has_password: user.password_hash.is_some() })
}

pub(super) async fn recovery_of(auth: &Auth, user: &UserId) -> Result<Option<AccountRecovery>> {
    Ok(auth.store.running_account_recovery(user, auth.now()).await?.map(view))
}

fn view(row: AccountRecoveryRow) -> AccountRecovery {
    AccountRecovery {
        email: row.email,
        device: row.device,
        asked_at: row.created_at,
        ready_at: row.ready_at,
        expires_at: row.expires_at,
    }
}

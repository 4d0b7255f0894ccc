//! The mails of recoveries that run: a reminder each day of the wait, and when it is over the link that completes one.
//!
//! Looked at by housekeeping, so a mail comes within an hour after it is due, from whichever node looks first.

use secrecy::{ExposeSecret as _, SecretString};

use crate::crypto::{Purpose, token_digest};
use crate::flow::{cancel_link, cancel_place};
use crate::mail::{Mail, Message};
use crate::store::{AccountRecoveryRow, Transaction, UserRow};
use crate::{Auth, Result, Timestamp};

const DAY: i64 = 24 * 60 * 60;
/// Recoveries in one look.
const BITE: i64 = 100;

impl Auth {
    /// Promises every mail of a recovery that is due. One that fails is tried again in an hour and holds up no other.
    pub(super) async fn go_on_with_recoveries(&self) -> Result<()> {
        let due = self.store.account_recoveries_to_tell(self.now(), BITE).await?;
        for recovery in &due {
            if let Err(error) = go_on(self, recovery).await {
                tracing::warn!(%error, recovery = recovery.id.as_str(), "a mail of a recovery was not promised");
            }
        }
        Ok(())
    }
}

async fn go_on(auth: &Auth, recovery: &AccountRecoveryRow) -> Result<()> {
    let now = auth.now();
    let Some(user) = auth.store.user(&recovery.user_id).await? else { return Ok(()) };
    let link = (recovery.ready_at <= now).then(|| auth.random.token());
    let digest = link.as_ref().map(|token| token_digest(Purpose::AccountRecoveryLink, token));
    let next = if link.is_some() { None } else { Some(now.plus_seconds(DAY).min(recovery.ready_at)) };
    let mut tx = auth.store.begin().await?;
    if !tx.take_recovery_mail(recovery, now, next, digest.as_deref()).await? {
        return Ok(());
    }
    match link {
        Some(token) => tell_ready(auth, &mut tx, &user, recovery, &token).await?,
        None => remind(auth, &mut tx, &user, recovery, now).await?,
    }
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}

/// Only the account's own mailbox gets the link.
async fn tell_ready(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserRow,
    recovery: &AccountRecoveryRow,
    token: &SecretString,
) -> Result<()> {
    let message = Message::RecoveryReady {
        name: user.name.clone(),
        at: recovery.expires_at,
        link: format!("{}/recover-account?token={}", auth.public_url, token.expose_secret()),
    };
    auth.promise_mail(tx, &Mail { to: recovery.email.clone(), locale: user.locale, message }).await
}

/// Every address that has a say gets the link that calls it off once more.
async fn remind(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserRow,
    recovery: &AccountRecoveryRow,
    now: Timestamp,
) -> Result<()> {
    let plain = auth.sealer.open(&cancel_place(&recovery.id), &recovery.cancel_sealed).map_err(anyhow::Error::from)?;
    let token = SecretString::from(std::str::from_utf8(&plain).map_err(anyhow::Error::from)?);
    for to in tx.addresses_with_a_say(&user.id, now).await? {
        let message = Message::RecoveryReminder {
            name: user.name.clone(),
            device: recovery.device.clone(),
            at: recovery.ready_at,
            link: cancel_link(auth, &token),
        };
        auth.promise_mail(tx, &Mail { to, locale: user.locale, message }).await?;
    }
    Ok(())
}

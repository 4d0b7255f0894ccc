//! Asking for the recovery of an account by mail, the last rung of the ladder: for somebody whose factors are all lost.
//!
//! It takes a sign-in that waits for its second factor, so the password is proved; who has none chooses one by mail
//! first. Then it takes three days in which every address and every session is told, and each of them calls it off.
//! Whoever has the password alone gets nothing from asking: the link goes to the mailbox.
//!
//! Somebody who knows the password could fill a mailbox with these mails. So an account has one at a time, none within
//! a day after one was called off, and three in a week.

use secrecy::{ExposeSecret as _, SecretString};

use super::pending_sign_in::Waiting;
use super::recovery_status::recovery_of;
use crate::crypto::{Purpose, token_digest};
use crate::id::AccountRecoveryId;
use crate::mail::{Mail, Message};
use crate::store::{NewAccountRecovery, RecoveryHistory, Transaction, UserRow};
use crate::view::AccountRecovery;
use crate::{Auth, Context, ErrorCode, EventKind, Refusal, Result, Timestamp};

/// Recoveries that an account may ask for within a week.
const MOST_A_WEEK: i64 = 3;
const DAY: i64 = 24 * 60 * 60;
const WEEK: i64 = 7 * DAY;

/// Starts it and tells every address that has a say. One that runs already is given as it is, and nobody is told again.
///
/// # Errors
/// [`ErrorCode::SecondFactorExpired`] for a ticket that is none; [`ErrorCode::FactorUnavailable`] where a mailed code is asked
/// for, since the account has no factor that could be lost; [`ErrorCode::TooSoon`] with `retry_after` beyond the limits.
pub async fn start_account_recovery(auth: &Auth, ticket: &SecretString, context: &Context) -> Result<AccountRecovery> {
    let waiting = Waiting::of(auth, ticket).await?;
    if waiting.is_by_mail() {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    let user = waiting.user;
    if let Some(running) = recovery_of(auth, &user.id).await? {
        return Ok(running);
    }
    let (now, token) = (auth.now(), auth.random.token());
    let id = AccountRecoveryId(auth.random.id(now));
    let recovery = NewAccountRecovery {
        id: &id,
        user_id: &user.id,
        email: &user.email,
        cancel_digest: &token_digest(Purpose::AccountRecoveryCancel, &token),
        cancel_sealed: &auth.sealer.seal(&*auth.random, &cancel_place(&id), token.expose_secret().as_bytes()),
        device: &context.device,
        address: &context.address,
        created_at: now,
        ready_at: now.plus_seconds(auth.lifetimes.recovery_wait),
        expires_at: now.plus_seconds(auth.lifetimes.recovery_wait + auth.lifetimes.recovery_link),
        next_mail_at: now.plus_seconds(DAY.min(auth.lifetimes.recovery_wait)),
    };

    let mut tx = auth.store.begin().await?;
    tx.hold_user(&user.id).await?;
    tx.end_idle_account_recovery(&user.id, now).await?;
    let history = tx.recovery_history(&user.id, now.minus_seconds(WEEK)).await?;
    if history.is_running {
        // A request of the same moment was faster.
        tx.rollback().await?;
    } else {
        refuse_too_soon(&history, now)?;
        if tx.insert_account_recovery(&recovery).await? {
            tell(auth, &mut tx, &user, &recovery, &token).await?;
            auth.audit(&mut tx, EventKind::FactorRecoveryRequested, (Some(&user.id), None), context).await?;
        }
        tx.commit().await?;
        auth.wake_worker();
    }
    recovery_of(auth, &user.id).await?.ok_or_else(|| ErrorCode::ChangedMeanwhile.into())
}

/// # Errors
/// [`ErrorCode::TooSoon`].
fn refuse_too_soon(history: &RecoveryHistory, now: Timestamp) -> Result<()> {
    let after_cancel = history.cancelled_at.map(|at| at.plus_seconds(DAY));
    let after_week = history.first_at.filter(|_| history.asked >= MOST_A_WEEK).map(|at| at.plus_seconds(WEEK));
    match after_cancel.into_iter().chain(after_week).max().filter(|again| *again > now) {
        Some(again) => {
            let seconds = u32::try_from(again.seconds_since(now)).unwrap_or(u32::MAX).max(1);
            Err(Refusal::retry_after(ErrorCode::TooSoon, seconds).into())
        }
        None => Ok(()),
    }
}

async fn tell(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserRow,
    recovery: &NewAccountRecovery<'_>,
    token: &SecretString,
) -> Result<()> {
    for to in tx.addresses_with_a_say(&user.id, recovery.created_at).await? {
        let message = Message::RecoveryRequested {
            name: user.name.clone(),
            device: recovery.device.to_owned(),
            at: recovery.ready_at,
            link: cancel_link(auth, token),
        };
        auth.promise_mail(tx, &Mail { to, locale: user.locale, message }).await?;
    }
    Ok(())
}

/// The link that calls a recovery off.
pub(crate) fn cancel_link(auth: &Auth, token: &SecretString) -> String {
    format!("{}/cancel-recovery?token={}", auth.public_url, token.expose_secret())
}

/// The place the token of that link is sealed for.
pub(crate) fn cancel_place(id: &AccountRecoveryId) -> String {
    format!("account_recoveries.cancel_sealed.{}", id.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn wait(asked: i64, first: i64, cancelled: Option<i64>) -> Option<u32> {
        let history = RecoveryHistory {
            is_running: false,
            asked,
            first_at: (asked > 0).then(|| NOW.minus_seconds(first)),
            cancelled_at: cancelled.map(|ago| NOW.minus_seconds(ago)),
        };
        refuse_too_soon(&history, NOW).err().map(|error| error.refusal().retry_after.unwrap())
    }

    #[test]
    fn a_day_after_a_cancelled_one_and_three_in_a_week() {
        assert_eq!(wait(0, 0, None), None);
        assert_eq!(wait(1, DAY, Some(60)), Some(u32::try_from(DAY - 60).unwrap()));
        assert_eq!(wait(1, 2 * DAY, Some(DAY)), None);
        assert_eq!(wait(2, 6 * DAY, None), None);
        assert_eq!(wait(3, 6 * DAY, Some(2 * DAY)), Some(u32::try_from(DAY).unwrap()));
    }
}

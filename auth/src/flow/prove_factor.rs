//! The one place where a factor is verified: at a sign-in, at a step-up, at a recovery.
//!
//! A try of the account's budget is spent before a code is compared, by a statement of its own that outlives
//! everything. The code is consumed in the transaction that goes on with what it was for: two requests with one code
//! have one winner, and what is not committed has consumed nothing.

use super::refused_sign_in::note_refused_factor;
use super::secure_account::new_notice_link;
use crate::explain::{Step, note};
use crate::factor::proof::{PasskeyAnswer, consume_code, note_passkey_use, verify_passkey_proof};
use crate::factor::{Bound, FREE_TRIES, FactorProof};
use crate::mail::{Mail, Message};
use crate::store::{Transaction, UserRow};
use crate::{Auth, Context, Error, ErrorCode, EventKind, FactorMethod, Refusal, Result, TypedCode};

const DAY: i64 = 24 * 60 * 60;

/// Verifies a factor and gives an open transaction in which it is consumed, the account is held and its budget is
/// full again; nothing of that is kept unless it is committed.
///
/// # Errors
/// [`ErrorCode::WrongCode`] or [`ErrorCode::PasskeyRefused`]; [`ErrorCode::FactorsLocked`] with `retry_after`, with
/// which nothing was compared; [`ErrorCode::FactorUnavailable`] for a kind that the account does not have.
pub(super) async fn begin_with_factor(
    auth: &Auth,
    user: &UserRow,
    bound: &Bound<'_>,
    proof: &FactorProof,
    context: &Context,
) -> Result<Transaction> {
    let method = proof.method();
    if !bound.takes(&user.factors, method) {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    let mut tx = match proof {
        FactorProof::Code { code, .. } => with_code(auth, user, bound, (method, code), context).await?,
        FactorProof::Passkey(answer) => with_passkey(auth, user, bound, answer, context).await?,
    };
    // A mailed code is had by whoever has the mailbox: it must not give the codes of an app new tries.
    if method.is_strong() || !user.factors.has_strong() {
        tx.refill_factor_tries(&user.id).await?;
    }
    // Whoever has a factor needs no recovery: it is somebody else's, or needless.
    tx.kill_account_recovery(&user.id, auth.now()).await?;
    note(|| Step::SecondFactorProved { method });
    Ok(tx)
}

/// Refuses while no code of the account is looked at.
///
/// # Errors
/// [`ErrorCode::FactorsLocked`] with `retry_after`.
pub(super) async fn require_unlocked(auth: &Auth, user: &UserRow) -> Result<()> {
    let budget = auth.store.factor_budget(&user.id).await?;
    let left = budget.map_or(0, |(_, until)| until.seconds_since(auth.now()));
    if left > 0 { Err(locked(left)) } else { Ok(()) }
}

async fn with_code(
    auth: &Auth,
    user: &UserRow,
    bound: &Bound<'_>,
    code: (FactorMethod, &TypedCode),
    context: &Context,
) -> Result<Transaction> {
    let Some(spent) = auth.store.spend_factor_try(&user.id, auth.now()).await? else {
        note_refused_factor(auth, &user.id, context).await?;
        require_unlocked(auth, user).await?;
        return Err(locked(1));
    };
    let mut tx = held(auth, user, bound, code.0).await?;
    if consume_code(auth, &mut tx, user, bound, code, context).await? {
        return Ok(tx);
    }
    // Whatever the factor itself counted must last.
    tx.commit().await?;
    note_refused_factor(auth, &user.id, context).await?;
    if spent >= FREE_TRIES {
        warn(auth, user, context).await?;
    }
    Err(ErrorCode::WrongCode.into())
}

/// It cannot be guessed, so it costs no try and goes past the lock: whoever guesses at codes keeps nobody out who has
/// a passkey.
async fn with_passkey(
    auth: &Auth,
    user: &UserRow,
    bound: &Bound<'_>,
    answer: &PasskeyAnswer,
    context: &Context,
) -> Result<Transaction> {
    let proved = match verify_passkey_proof(auth, user, bound, answer, context).await {
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::PasskeyRefused => {
            note_refused_factor(auth, &user.id, context).await?;
            return Err(refusal.into());
        }
        proved => proved?,
    };
    let mut tx = held(auth, user, bound, FactorMethod::Passkey).await?;
    if note_passkey_use(auth, &mut tx, &proved, context).await? {
        Ok(tx)
    } else {
        Err(ErrorCode::PasskeyRefused.into())
    }
}

/// A transaction that holds the account, which still has the factor, or still none where a mailed code stands in for one.
/// The account comes first, always: two who hold its rows in another order would wait for each other.
async fn held(auth: &Auth, user: &UserRow, bound: &Bound<'_>, method: FactorMethod) -> Result<Transaction> {
    let mut tx = auth.store.begin().await?;
    match tx.hold_factors(&user.id).await? {
        Some(factors) if bound.takes(&factors, method) => Ok(tx),
        _ => Err(ErrorCode::FactorUnavailable.into()),
    }
}

/// Tells the owner that somebody guesses, at most once a day: at a sign-in, whoever does it knows the password.
async fn warn(auth: &Auth, user: &UserRow, context: &Context) -> Result<()> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if !tx.note_factor_warning(&user.id, now, now.minus_seconds(DAY)).await? {
        return Ok(tx.rollback().await?);
    }
    auth.audit(&mut tx, EventKind::FactorsLocked, (Some(&user.id), None), context).await?;
    let message = Message::FactorsLocked {
        name: user.name.clone(),
        device: context.device.clone(),
        at: now,
        link: new_notice_link(auth, &mut tx, &user.id, &user.email, now).await?,
    };
    auth.promise_mail(&mut tx, &Mail { to: user.email.clone(), locale: user.locale, message }).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}

fn locked(seconds: i64) -> Error {
    Refusal::retry_after(ErrorCode::FactorsLocked, u32::try_from(seconds).unwrap_or(u32::MAX)).into()
}

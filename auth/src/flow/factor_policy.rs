//! Holding accounts to the rule of `factor/policy.rs`: when it met them, and what it forbids.

use crate::factor::Demand;
use crate::id::UserId;
use crate::session::Caller;
use crate::store::{SessionRow, Transaction, UserRow};
use crate::{Auth, Email, ErrorCode, Factors, Result, Role, Timestamp};

/// Notes when the rule met the account of a session, or that it does not hold any more; both once. Every session comes
/// by here within minutes of its sign-in, and again whenever it goes on.
pub(super) async fn meet_requirement(auth: &Auth, session: &mut SessionRow) -> Result<()> {
    let required = auth.factor_policy.rule.requires(session.role);
    if required == session.factor_required_from.is_some() {
        return Ok(());
    }
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if required {
        tx.note_factor_required(&session.user_id, now).await?;
    } else {
        tx.note_factor_not_required(&session.user_id).await?;
    }
    tx.commit().await?;
    session.factor_required_from = required.then_some(now);
    Ok(())
}

/// Whether the caller's account must have had a second factor by now, and has none: then they may add one, sign out
/// and read about themselves, and nothing else.
///
/// # Errors
/// [`ErrorCode::SignedOut`].
pub async fn owes_factor(auth: &Auth, caller: &Caller) -> Result<bool> {
    let session = auth.session_of(caller).await?;
    Ok(auth.factor_policy.of_session(&session, auth.now()).is_overdue())
}

/// From when the account with this address must have a second factor that it lacks; none when it has one or need not.
///
/// # Errors
/// [`ErrorCode::NotFound`] when no account has this address.
pub async fn factor_due(auth: &Auth, email: &Email) -> Result<Option<Timestamp>> {
    let user = auth.store.user_by_email(email).await?.ok_or(ErrorCode::NotFound)?;
    Ok(auth.factor_policy.of_user(&user, auth.now()).due())
}

/// Refuses to take the last strong factor from an account that must have one, once its grace is over. `left` is what
/// `Transaction::remove_factor` says: this judges what the transaction itself did, so two removals at once cannot each
/// leave the other's factor to it.
///
/// # Errors
/// [`ErrorCode::LastFactor`].
pub(super) fn require_enough_left(auth: &Auth, user: &UserRow, left: &Factors) -> Result<()> {
    // Whoever had none before loses none.
    let had_strong = user.factors.has_strong();
    let standing = auth.factor_policy.standing(Demand::of_user(user), left, auth.now());
    if had_strong && standing.is_overdue() { Err(ErrorCode::LastFactor.into()) } else { Ok(()) }
}

/// Notes what a change of the role means for the rule, in the transaction of the change.
pub(super) async fn meet_role(auth: &Auth, tx: &mut Transaction, id: &UserId, role: Role) -> Result<()> {
    if auth.factor_policy.rule.requires(role) {
        tx.note_factor_required(id, auth.now()).await?;
    } else {
        tx.note_factor_not_required(id).await?;
    }
    Ok(())
}

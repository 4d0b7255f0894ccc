//! The account that an administrator acts on: who it may not be, and what is written down of the act.

use crate::audit::AuditLine;
use crate::id::UserId;
use crate::session::Caller;
use crate::store::{SessionRow, Transaction, UserRow};
use crate::{Auth, Context, ErrorCode, EventKind, Result, Timestamp};

/// The id of an account.
///
/// # Errors
/// [`ErrorCode::NotFound`] for what is no id of ours.
pub(super) fn account_id(id: &UserId) -> Result<UserId> {
    UserId::parse(id.as_str()).ok_or_else(|| ErrorCode::NotFound.into())
}

/// Refuses to act on one's own account, which has its own pages, and on that of somebody who may do what one may not.
///
/// # Errors
/// [`ErrorCode::Forbidden`].
pub(super) fn require_below(actor: &SessionRow, user: &UserRow) -> Result<()> {
    if actor.user_id == user.id || user.role.is_above(actor.role) {
        return Err(ErrorCode::Forbidden.into());
    }
    Ok(())
}

/// Refuses whose own session ended meanwhile, or who lost the role, as when two administrators suspend or demote each
/// other. For a transaction that holds the number of administrators, or the account.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`].
pub(super) async fn require_still_there(tx: &mut Transaction, actor: &SessionRow, now: Timestamp) -> Result<()> {
    if !tx.is_live_session(&actor.id, now).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    if tx.role_of(&actor.user_id).await? == Some(actor.role) { Ok(()) } else { Err(ErrorCode::NotFound.into()) }
}

/// Refuses what would leave nobody who looks after the product. For a transaction that holds their number, after the act.
///
/// # Errors
/// [`ErrorCode::LastAdministrator`].
pub(super) async fn require_administrator_left(tx: &mut Transaction, now: Timestamp) -> Result<()> {
    if tx.has_administrator(now).await? { Ok(()) } else { Err(ErrorCode::LastAdministrator.into()) }
}

/// The two lines of an act: that of the administrator, and that of the account, which does not say from where it was
/// done: an administrator's address is nobody's business. The request id joins the two.
pub(super) async fn note_act(
    auth: &Auth,
    tx: &mut Transaction,
    (caller, own): (&Caller, AuditLine<'_>),
    (user, theirs): (&UserId, EventKind),
    context: &Context,
) -> Result<()> {
    let unnamed = unnamed(context);
    let told = AuditLine::of(theirs).about(user).by(&caller.user_id, None);
    auth.record(tx, told, &unnamed).await?;
    auth.record(tx, own.by(&caller.user_id, Some(&caller.session_id)).with(user.as_str()), context).await
}

/// The request without where it came from.
pub(super) fn unnamed(context: &Context) -> Context {
    Context { address: String::new(), device: String::new(), ..context.clone() }
}

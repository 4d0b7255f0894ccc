//! Seeing the product as somebody else, in the hands of an administrator.
//!
//! It is a session of its own, of the other account: half an hour at most, and never longer than the administrator's own
//! goes on. It shows and changes nothing; an administrator of everything may choose to change what belongs to
//! organizations, and nobody the account itself. The person is told by mail, and sees it among their devices. Each line of
//! the log that is written in it names both.

use secrecy::SecretString;

use super::administered::{account_id, require_still_there, unnamed};
use super::gate::enter_in_place_of;
use super::permission::require_permission;
use super::reauthenticate::require_fresh;
use crate::audit::AuditLine;
use crate::id::UserId;
use crate::mail::{Mail, Message};
use crate::session::Caller;
use crate::store::{ImpersonationRow, SessionRow, UserRow};
use crate::view::AccessGrant;
use crate::{Auth, Context, ErrorCode, EventKind, Permission, Remark, Result, Role, Timestamp};

/// Longest time: 30 minutes.
const MAX_SECONDS: i64 = 30 * 60;

/// What an administrator wants to see, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impersonating {
    /// Why: for the log.
    pub reason: Remark,
    /// Whether what belongs to organizations may be changed.
    pub writes: bool,
}

/// A session in another's place.
pub struct ImpersonationStarted {
    /// For the cookie, and nothing else.
    pub refresh_token: SecretString,
    /// For the memory of the page or program.
    pub access: AccessGrant,
    /// When it ends at the latest.
    pub until: Timestamp,
}

/// Starts a session as somebody else. Asks for a fresh proof. Those that the administrator had before end with it.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such account;
/// [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::Forbidden`] for one's own account, for somebody who looks after
/// the product unless one looks after everything, for somebody who looks after everything, and where changes are wanted by
/// anybody but an administrator of everything; [`ErrorCode::WrongState`] for an account that is suspended or about to go.
pub async fn start_impersonation(
    auth: &Auth,
    caller: &Caller,
    id: &UserId,
    wanted: &Impersonating,
    context: &Context,
) -> Result<ImpersonationStarted> {
    let own = require_permission(auth, caller, Permission::ImpersonateUsers).await?;
    let own = require_fresh(auth, own).await?;
    let (id, now) = (account_id(id)?, auth.now());
    let mut tx = auth.store.begin().await?;
    let user = tx.held_user(&id).await?.ok_or(ErrorCode::NotFound)?;
    require_may(&own, &user, wanted)?;
    if user.is_suspended(now) || user.delete_at.is_some_and(|at| at <= now) {
        return Err(ErrorCode::WrongState.into());
    }
    // Their own account is held as well: who begins two at once ends one, and a role that is taken now takes this with it.
    tx.held_user(&own.user_id).await?.ok_or(ErrorCode::SignedOut)?;
    require_still_there(&mut tx, &own, now).await?;
    let before = tx.end_impersonations_by(&own.user_id, now).await?;
    let until = Timestamp(now.plus_seconds(MAX_SECONDS).0.min(own.expires_at.0));
    let by = ImpersonationRow { impersonator: own.user_id.clone(), own_session: own.id.clone(), writes: wanted.writes };
    // From where it is done is the administrator's business.
    let (session, refresh_token) = enter_in_place_of(auth, &mut tx, &user, (by, until), &unnamed(context)).await?;
    let message = Message::ImpersonationStarted {
        name: user.name,
        at: now,
        until,
        writes: wanted.writes,
        link: format!("{}/account/sessions", auth.public_url),
    };
    auth.promise_mail(&mut tx, &Mail { to: user.email, locale: user.locale, message }).await?;
    let line = AuditLine::of(EventKind::AdminImpersonationStarted)
        .by(&own.user_id, Some(&own.id))
        .with(id.as_str())
        .changed("reason", None, Some(wanted.reason.as_str()))
        .changed("writes", None, wanted.writes.then_some("yes"));
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    for (session, _) in before {
        auth.revocations.insert(session, now);
    }
    auth.wake_worker();
    Ok(ImpersonationStarted { refresh_token, access: auth.grant_access(&session)?, until })
}

/// Nobody acts as themselves, as somebody above them, or as somebody who looks after everything; only who does looks at
/// others who look after the product, and changes nothing there.
fn require_may(own: &SessionRow, user: &UserRow, wanted: &Impersonating) -> Result<()> {
    let is_staff = user.role.administers();
    let looks_after_everything = own.role == Role::PlatformAdmin;
    let may = own.user_id != user.id
        && user.role != Role::PlatformAdmin
        && (looks_after_everything || !(is_staff || wanted.writes))
        && !(is_staff && wanted.writes);
    if may { Ok(()) } else { Err(ErrorCode::Forbidden.into()) }
}

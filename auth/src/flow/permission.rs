//! What not everybody may do: the first line of each flow for administrators asks here.
//!
//! The role is that of the account as the database knows it now, never that of the access token: a role
//! that was taken ends with the next request. What it may do is decided by the policies in force. An account
//! that owes a second factor may nothing of it; and one that has one may nothing of it in a session that has
//! not proved it, such as on a trusted device. In the place of somebody else nobody administers anything. Who may not
//! leaves a line in the audit log.

use super::reauthenticate::reauthentication_required;
use crate::factor::policy::lacks_factor;
use crate::policy::{Act, ActContext, Principal};
use crate::session::Caller;
use crate::store::SessionRow;
use crate::weakened::{self, Defence};
use crate::{Auth, Error, ErrorCode, Permission, Result};

mod refused_act;

pub(super) use refused_act::{RefusedAct, note_refused_act};

/// The caller's session, when its account may do this: a role says so, and no policy forbids it.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not: what administrators have is
/// nobody else's business, not even that it exists. [`ErrorCode::SecondFactorRequired`] once the grace is over, and
/// [`ErrorCode::ReauthenticationRequired`] while the factor of the account is not proved in this session.
pub async fn require_permission(auth: &Auth, caller: &Caller, permission: Permission) -> Result<SessionRow> {
    let permitted = look_for_permission(auth, caller, permission).await;
    if matches!(&permitted, Err(Error::Refused(refusal)) if refusal.code == ErrorCode::NotFound) {
        note_refused_act(auth, RefusedAct::of(caller, permission.as_str())).await?;
    }
    permitted
}

/// The same where nothing was asked for, such as for a part of a page: a refusal leaves no line.
///
/// # Errors
/// As [`require_permission`].
pub(super) async fn look_for_permission(auth: &Auth, caller: &Caller, permission: Permission) -> Result<SessionRow> {
    let session = auth.session_of(caller).await?;
    let now = auth.now();
    let act = Act::on_platform(Principal::of_session(&session, now), permission, ActContext::on_platform(now));
    let is_allowed = auth.decide(&act).is_allowed || weakened::is_off(Defence::Permission);
    if session.impersonation.is_some() || !is_allowed {
        return Err(ErrorCode::NotFound.into());
    }
    if auth.factor_policy.of_session(&session, now).is_overdue() {
        return Err(ErrorCode::SecondFactorRequired.into());
    }
    if lacks_factor(&session) {
        return Err(reauthentication_required(auth, &session).await?.into());
    }
    Ok(session)
}

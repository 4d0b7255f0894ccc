//! Giving an account a role of the platform: on the command line, where whoever has the machine does it, and in the hands
//! of an administrator, who cannot give what they do not have.

use super::administered::{account_id, note_act, require_administrator_left, require_below, require_still_there};
use super::factor_policy::meet_role;
use super::permission::require_permission;
use super::reauthenticate::require_fresh;
use crate::audit::AuditLine;
use crate::id::{SessionId, UserId};
use crate::session::Caller;
use crate::store::Transaction;
use crate::{Auth, Context, Email, ErrorCode, EventKind, Permission, Result, Role, Timestamp};

/// Gives an account a role; `false` when it had it before. The access tokens that carry the old one are
/// over on every node within a second, and are renewed unseen.
///
/// # Errors
/// [`ErrorCode::NotFound`] when no account has this address.
pub async fn set_role(auth: &Auth, email: &Email, role: Role, context: &Context) -> Result<bool> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let id = tx.user_id_by_email(email).await?.ok_or(ErrorCode::NotFound)?;
    if !tx.set_user_role(&id, role).await? {
        return Ok(false);
    }
    let ended = change(auth, &mut tx, &id, role, now).await?;
    auth.audit(&mut tx, EventKind::UserRoleChanged, (Some(&id), None), context).await?;
    tx.commit().await?;
    forget(auth, ended, now);
    Ok(true)
}

/// Gives somebody else a role; `false` when they had it before. Asks for a fresh proof.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such account;
/// [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::Forbidden`] for one's own account, for one above one's own, and for
/// a role above one's own; [`ErrorCode::LastAdministrator`] when nobody would be left who looks after the product.
pub async fn admin_set_role(auth: &Auth, caller: &Caller, id: &UserId, role: Role, context: &Context) -> Result<bool> {
    let session = require_permission(auth, caller, Permission::ManageRoles).await?;
    let session = require_fresh(auth, session).await?;
    let (id, now) = (account_id(id)?, auth.now());
    if role.is_above(session.role) {
        return Err(ErrorCode::Forbidden.into());
    }
    let mut tx = auth.store.begin().await?;
    tx.hold_administrators().await?;
    require_still_there(&mut tx, &session, now).await?;
    let user = tx.held_user(&id).await?.ok_or(ErrorCode::NotFound)?;
    require_below(&session, &user)?;
    if !tx.set_user_role(&id, role).await? {
        return Ok(false);
    }
    if user.role == Role::PlatformAdmin {
        require_administrator_left(&mut tx, now).await?;
    }
    let ended = change(auth, &mut tx, &id, role, now).await?;
    let line =
        AuditLine::of(EventKind::AdminRoleChanged).changed("role", Some(user.role.as_str()), Some(role.as_str()));
    note_act(auth, &mut tx, (caller, line), (&id, EventKind::UserRoleChanged), context).await?;
    tx.commit().await?;
    forget(auth, ended, now);
    Ok(true)
}

/// What a change of the role means: the rule of second factors, the access tokens, and whom the account acted as. Gives
/// the sessions that ended.
async fn change(auth: &Auth, tx: &mut Transaction, id: &UserId, role: Role, now: Timestamp) -> Result<Vec<SessionId>> {
    meet_role(auth, tx, id, role).await?;
    tx.bump_token_version(id, now).await?;
    let ended = tx.end_impersonations_by(id, now).await?;
    Ok(ended.into_iter().map(|(session, _)| session).collect())
}

fn forget(auth: &Auth, ended: Vec<SessionId>, now: Timestamp) {
    for session in ended {
        auth.revocations.insert(session, now);
    }
}

//! Taking every second factor from somebody who lost all of theirs, in the hands of an administrator.
//!
//! It is never silent: the person is mailed at once with a link that says "this was not me", and both accounts get a
//! line. The request id joins the two. An administrator does not do it to their own account: that would be a way around
//! the rule that keeps the last factor of an account that must have one.

use super::administered::{account_id, note_act, require_below};
use super::permission::require_permission;
use super::reauthenticate::require_fresh;
use super::secure_account::new_notice_link;
use crate::audit::AuditLine;
use crate::factor::remove_all_factors;
use crate::id::UserId;
use crate::mail::{Mail, Message};
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Permission, Result};

/// Removes every second factor of an account, its recovery codes and its trusted devices. Its sessions go on, and its
/// next sign-in asks for the password alone. An account without a factor is no failure.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such account;
/// [`ErrorCode::LastFactor`] for one's own account; [`ErrorCode::Forbidden`] for one above one's own;
/// [`ErrorCode::ReauthenticationRequired`].
pub async fn admin_reset_factors(auth: &Auth, caller: &Caller, id: &UserId, context: &Context) -> Result<()> {
    let session = require_permission(auth, caller, Permission::ResetFactors).await?;
    let session = require_fresh(auth, session).await?;
    let id = account_id(id)?;
    if id == caller.user_id {
        return Err(ErrorCode::LastFactor.into());
    }
    let user = auth.store.user(&id).await?.ok_or(ErrorCode::NotFound)?;
    require_below(&session, &user)?;
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let factors = tx.hold_factors(&id).await?.ok_or(ErrorCode::NotFound)?;
    if factors.is_empty() {
        return Ok(());
    }
    remove_all_factors(auth, &mut tx, &id).await?;
    let message = Message::FactorsReset {
        name: user.name,
        at: now,
        link: new_notice_link(auth, &mut tx, &id, &user.email, now).await?,
    };
    auth.promise_mail(&mut tx, &Mail { to: user.email, locale: user.locale, message }).await?;
    let names = factors.names();
    let line = AuditLine::of(EventKind::AdminFactorsReset).changed("factors", Some(&names), None);
    note_act(auth, &mut tx, (caller, line), (&id, EventKind::FactorsResetByAdmin), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}

//! Taking one kind of second factor from somebody, in the hands of an administrator: a lost phone is no reason to lose the
//! passkey as well. The person is mailed at once with a link that says "this was not me".

use super::administered::{account_id, note_act, require_below};
use super::permission::require_permission;
use super::reauthenticate::require_fresh;
use super::secure_account::new_notice_link;
use crate::audit::AuditLine;
use crate::factor::recovery_codes::forget_recovery_codes;
use crate::id::UserId;
use crate::mail::{Mail, Message};
use crate::session::Caller;
use crate::store::{Transaction, UserRow};
use crate::{Auth, Context, ErrorCode, EventKind, FactorMethod, Permission, Result, Timestamp};

/// Removes a factor of an account with all that belongs to it: every passkey, the app, the number, the codes by mail. With
/// the last one the recovery codes go as well. Asks for a fresh proof.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such account;
/// [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::Forbidden`] for one's own account and one above one's own;
/// [`ErrorCode::FactorUnavailable`] when it has no such factor. An account that nothing else opened is opened by a new
/// password, which a mail leads to.
pub async fn admin_remove_factor(
    auth: &Auth,
    caller: &Caller,
    id: &UserId,
    factor: FactorMethod,
    context: &Context,
) -> Result<()> {
    let session = require_permission(auth, caller, Permission::ResetFactors).await?;
    let session = require_fresh(auth, session).await?;
    let (id, now) = (account_id(id)?, auth.now());
    let mut tx = auth.store.begin().await?;
    let user = tx.held_user(&id).await?.ok_or(ErrorCode::NotFound)?;
    require_below(&session, &user)?;
    if !user.factors.contains(factor) {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    forget(&mut tx, &user, factor, now).await?;
    let left = tx.remove_factor(&id, factor).await?.ok_or(ErrorCode::NotFound)?;
    if left.is_empty() {
        forget_recovery_codes(&mut tx, &id).await?;
    }
    // Whoever waits for it, or trusted a browser with it, begins anew.
    tx.revoke_trusted_devices(&id, now).await?;
    tx.forget_factor_proofs(&id, None).await?;
    tx.kill_pending_sign_ins(&id).await?;
    let link = new_notice_link(auth, &mut tx, &id, &user.email, now).await?;
    let message = Message::FactorRemoved { name: user.name, factor, link };
    auth.promise_mail(&mut tx, &Mail { to: user.email, locale: user.locale, message }).await?;
    let line = AuditLine::of(EventKind::AdminFactorRemoved).changed("factor", Some(factor.as_str()), None);
    note_act(auth, &mut tx, (caller, line), (&id, EventKind::FactorRemovedByAdmin), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}

/// Forgets what a factor keeps.
async fn forget(tx: &mut Transaction, user: &UserRow, factor: FactorMethod, now: Timestamp) -> Result<()> {
    match factor {
        FactorMethod::Passkey => {
            tx.delete_passkeys_since(&user.id, Timestamp(0)).await?;
        }
        FactorMethod::Totp => {
            tx.delete_totp(&user.id).await?;
        }
        FactorMethod::SmsCode => {
            tx.delete_phone_numbers(&user.id).await?;
            tx.kill_sent_codes(&user.id, factor, now).await?;
        }
        FactorMethod::EmailCode => tx.kill_sent_codes(&user.id, factor, now).await?,
        FactorMethod::RecoveryCode => tx.delete_recovery_codes(&user.id).await?,
    }
    Ok(())
}

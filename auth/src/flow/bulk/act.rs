//! An act on several accounts, as it was previewed: one account after the other, each by itself and with its own lines
//! in the log. Who does it may lose the permission on the way, and is asked again every fifty accounts.

use super::preview::Order;
use crate::flow::admin_end_sessions::end_sessions;
use crate::flow::admin_send_reset::send_reset;
use crate::flow::permission::require_permission;
use crate::flow::reauthenticate::require_fresh;
use crate::flow::suspend_user::suspend;
use crate::flow::unsuspend_user::unsuspend;
use crate::form::Suspending;
use crate::id::UserId;
use crate::session::Caller;
use crate::store::SessionRow;
use crate::view::{BulkAct, BulkDone, LeftOut, LeftOutItem};
use crate::{Auth, Context, Error, ErrorCode, Field, FieldIssue, Permission, Refusal, Result};

/// Accounts between two questions whether it may go on.
const STEP: usize = 50;

/// Does what a preview showed. An account in which something changed since is left out, and said. Asks for a fresh
/// proof. When it breaks off, what was done stays done: the same token goes on, and leaves out what is done already.
/// `suspending` is how accounts are suspended, where the preview did not say it.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not; [`ErrorCode::ReauthenticationRequired`];
/// [`ErrorCode::LinkExpired`] for a preview that is too old, changed, or of another session; [`Field::Note`] where
/// nobody said how accounts are suspended.
pub async fn bulk_act(
    auth: &Auth,
    caller: &Caller,
    token: &str,
    suspending: Option<Suspending>,
    context: &Context,
) -> Result<BulkDone> {
    // Whoever has a token had the permission, and nobody else learns that there is something here.
    let mut order = match Order::of(auth, caller, token) {
        Ok(order) => order,
        Err(error) => {
            require_permission(auth, caller, Permission::ReadUsers).await?;
            return Err(error);
        }
    };
    order.suspending = order.suspending.or(suspending);
    if order.act == BulkAct::Suspend && order.suspending.is_none() {
        return Err(unsaid());
    }
    let mut done = BulkDone::default();
    for some in order.ids.chunks(STEP) {
        let session = require_permission(auth, caller, order.act.permission()).await?;
        let session = require_fresh(auth, session).await?;
        for id in some {
            match act_on(auth, (caller, &session), id, &order, context).await? {
                None => done.done += 1,
                Some(why) => {
                    let email = auth.store.user(id).await?.map(|user| user.email);
                    done.left_out.push(LeftOutItem { id: id.clone(), email, why });
                }
            }
        }
        // Others want to write, too.
        tokio::task::yield_now().await;
    }
    Ok(done)
}

/// Nobody said how accounts are suspended.
fn unsaid() -> Error {
    Refusal::invalid(vec![(Field::Note, FieldIssue::Required)]).into()
}

/// Does it to one account; gives why not, when it cannot be done.
async fn act_on(
    auth: &Auth,
    who: (&Caller, &SessionRow),
    id: &UserId,
    order: &Order,
    context: &Context,
) -> Result<Option<LeftOut>> {
    let outcome = match (order.act, &order.suspending) {
        (BulkAct::Suspend, Some(wanted)) => {
            let user = auth.store.user(id).await?;
            if user.is_some_and(|user| user.is_suspended(auth.now())) {
                return Ok(Some(LeftOut::WrongState));
            }
            suspend(auth, who, id, wanted, context).await
        }
        (BulkAct::Suspend, None) => Err(unsaid()),
        (BulkAct::Unsuspend, _) => unsuspend(auth, who, id, context).await,
        (BulkAct::SendReset, _) => send_reset(auth, who, id, context).await,
        (BulkAct::EndSessions, _) => match end_sessions(auth, who, id, context).await {
            Ok(0) => return Ok(Some(LeftOut::WrongState)),
            ended => ended.map(|_| ()),
        },
    };
    match outcome {
        Ok(()) => Ok(None),
        Err(Error::Refused(refusal)) => match why(refusal.code, who.1, id) {
            Some(why) => Ok(Some(why)),
            None => Err(Error::Refused(refusal)),
        },
        Err(error) => Err(error),
    }
}

/// What a refusal says of the account; none when it says something of who acts.
fn why(code: ErrorCode, session: &SessionRow, id: &UserId) -> Option<LeftOut> {
    match code {
        ErrorCode::Forbidden if session.user_id == *id => Some(LeftOut::Own),
        ErrorCode::Forbidden => Some(LeftOut::Above),
        ErrorCode::WrongState => Some(LeftOut::WrongState),
        ErrorCode::LastAdministrator => Some(LeftOut::LastAdministrator),
        ErrorCode::TooSoon => Some(LeftOut::TooSoon),
        ErrorCode::NotFound => Some(LeftOut::NotFound),
        _ => None,
    }
}

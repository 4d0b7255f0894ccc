//! What an act on several accounts would do, before it is done. The preview is sealed into a token: it does exactly
//! what was shown, for whoever was shown it, within ten minutes.

use serde::{Deserialize, Serialize};

use crate::flow::admin_list_users::{item, living, users_of};
use crate::flow::permission::require_permission;
use crate::form::{BulkWanted, BulkWhom, MOST_AT_ONCE, Suspending, UserFilter};
use crate::id::UserId;
use crate::session::Caller;
use crate::store::SessionRow;
use crate::view::{BulkAct, BulkItem, BulkPreview, LeftOut, LeftOutItem, UserItem};
use crate::{AccountState, Auth, ErrorCode, Result, Timestamp};

/// How long a preview may be confirmed: ten minutes.
const SECONDS: i64 = 10 * 60;

/// What was shown, as its token carries it.
#[derive(Serialize, Deserialize)]
pub(super) struct Order {
    shown_at: Timestamp,
    pub(super) act: BulkAct,
    pub(super) ids: Vec<UserId>,
    pub(super) suspending: Option<Suspending>,
}

impl Order {
    /// What a token says.
    ///
    /// # Errors
    /// [`ErrorCode::LinkExpired`] for one that is too old, changed, or of another session.
    pub(super) fn of(auth: &Auth, caller: &Caller, token: &str) -> Result<Self> {
        let plain = auth.sealer.open(&place(caller), token).map_err(|_| ErrorCode::LinkExpired)?;
        let order: Self = serde_json::from_slice(&plain).map_err(|_| ErrorCode::LinkExpired)?;
        if order.shown_at.plus_seconds(SECONDS) <= auth.now() {
            return Err(ErrorCode::LinkExpired.into());
        }
        Ok(order)
    }
}

/// What an act would be done to, and who is left out and why. Changes nothing.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not.
pub async fn bulk_preview(auth: &Auth, caller: &Caller, wanted: BulkWanted) -> Result<BulkPreview> {
    let session = require_permission(auth, caller, wanted.act.permission()).await?;
    let BulkWanted { act, whom, suspending } = wanted;
    let (mut accounts, mut left_out) = (Vec::new(), Vec::new());
    let is_cut = match whom {
        BulkWhom::Ids(ids) => {
            let living = living(auth);
            for id in ids {
                match auth.store.user_item(&id, living).await? {
                    Some(row) => sort(&session, act, item(row, living.now), &mut accounts, &mut left_out),
                    None => left_out.push(LeftOutItem { id, email: None, why: LeftOut::NotFound }),
                }
            }
            false
        }
        BulkWhom::Filter(filter) => {
            let (items, is_cut) = everybody(auth, &filter).await?;
            for item in items {
                sort(&session, act, item, &mut accounts, &mut left_out);
            }
            is_cut
        }
    };
    let ids = accounts.iter().map(|account: &BulkItem| account.id.clone()).collect();
    let order = Order { shown_at: auth.now(), act, ids, suspending };
    let plain = serde_json::to_vec(&order).map_err(anyhow::Error::from)?;
    let token = auth.sealer.seal(&*auth.random, &place(caller), &plain);
    Ok(BulkPreview { token, act, accounts, left_out, is_cut })
}

/// As many accounts as are acted on at once, and whether there are more.
async fn everybody(auth: &Auth, filter: &UserFilter) -> Result<(Vec<UserItem>, bool)> {
    let (mut items, mut after) = (Vec::new(), None);
    loop {
        // Of the database itself: somebody acts on what is shown here.
        let page = users_of(auth, &auth.store, filter, after).await?;
        items.extend(page.items);
        if page.next.is_none() || items.len() > MOST_AT_ONCE {
            break;
        }
        after = page.next;
    }
    let is_cut = items.len() > MOST_AT_ONCE;
    items.truncate(MOST_AT_ONCE);
    Ok((items, is_cut))
}

/// Puts an account where it belongs.
fn sort(
    session: &SessionRow,
    act: BulkAct,
    item: UserItem,
    accounts: &mut Vec<BulkItem>,
    left_out: &mut Vec<LeftOutItem>,
) {
    match reason(session, act, &item) {
        None => accounts.push(BulkItem { id: item.id, email: item.email }),
        Some(why) => left_out.push(LeftOutItem { id: item.id, email: Some(item.email), why }),
    }
}

/// Why an account is left out; none when it is not.
fn reason(session: &SessionRow, act: BulkAct, item: &UserItem) -> Option<LeftOut> {
    let is_suspended = item.state == AccountState::Suspended;
    let does_nothing = match act {
        BulkAct::Suspend | BulkAct::SendReset => is_suspended,
        BulkAct::Unsuspend => !is_suspended,
        BulkAct::EndSessions => item.live_sessions == 0,
    };
    if session.user_id == item.id {
        Some(LeftOut::Own)
    } else if item.role.is_above(session.role) {
        Some(LeftOut::Above)
    } else {
        does_nothing.then_some(LeftOut::WrongState)
    }
}

/// The place an order is sealed for.
fn place(caller: &Caller) -> String {
    format!("bulk_act.order.{}", caller.session_id.as_str())
}

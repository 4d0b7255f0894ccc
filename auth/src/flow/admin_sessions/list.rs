//! The sessions of an account, live and ended, for administrators.

use uuid::Uuid;

use crate::flow::permission::require_permission;
use crate::id::UserId;
use crate::paging::{Cursor, Page, Place};
use crate::session::Caller;
use crate::store::AnySessionRow;
use crate::view::{AnySession, EndReason, Origin, SessionEnd};
use crate::{Auth, ErrorCode, Permission, Result, Timestamp};

/// A page of the sessions of an account, the newest first: those that go on, and those that ended in the
/// last 90 days, after which housekeeping forgets them.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not see it, and when there is no such
/// account; [`ErrorCode::MalformedRequest`] for a broken cursor.
pub async fn admin_list_sessions(
    auth: &Auth,
    caller: &Caller,
    user: &UserId,
    after: Option<Cursor>,
) -> Result<Page<AnySession>> {
    require_permission(auth, caller, Permission::ReadUsers).await?;
    // A database need not take every text: PostgreSQL refuses a zero byte.
    let user = UserId(Uuid::try_parse(user.as_str()).map_err(|_| ErrorCode::NotFound)?.to_string());
    auth.store.user(&user).await?.ok_or(ErrorCode::NotFound)?;
    let place = Place::of(after)?;
    let rows = auth.store.any_sessions_of(&user, &place).await?;
    let place = |row: &AnySessionRow| Place { at: row.created_at, id: row.id.0.clone() };
    Ok(Page::of(rows, place, |row| Some(session(auth, row))))
}

/// What is shown of a row.
pub(super) fn session(auth: &Auth, row: AnySessionRow) -> AnySession {
    let end = end_of(&row, auth.lifetimes.session_idle, auth.now());
    AnySession {
        id: row.id,
        origin: Origin { device: row.device, address: Some(row.address) },
        method: row.method,
        signed_in_at: row.created_at,
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
        end,
    }
}

/// How a session ended, by an act or by itself; none while it goes on.
fn end_of(row: &AnySessionRow, idle: i64, now: Timestamp) -> Option<SessionEnd> {
    if let Some(at) = row.ended_at {
        return Some(SessionEnd { at, reason: EndReason::parse(row.end_reason.as_deref().unwrap_or_default()) });
    }
    let idle_at = row.last_seen_at.plus_seconds(idle);
    let (at, reason) =
        if idle_at < row.expires_at { (idle_at, EndReason::Idle) } else { (row.expires_at, EndReason::Expired) };
    (at <= now).then_some(SessionEnd { at, reason })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::SessionId;

    fn reason(last_seen: i64, ended: Option<(i64, &str)>, now: i64) -> Option<(i64, EndReason)> {
        let at = |second: i64| Timestamp(second * 1000);
        let row = AnySessionRow {
            id: SessionId(String::new()),
            device: String::new(),
            address: String::new(),
            method: String::new(),
            created_at: at(0),
            last_seen_at: at(last_seen),
            expires_at: at(90),
            ended_at: ended.map(|(second, _)| at(second)),
            end_reason: ended.map(|(_, why)| why.to_owned()),
        };
        end_of(&row, 30, at(now)).map(|end| (end.at.seconds(), end.reason))
    }

    #[test]
    fn a_session_ends_by_an_act_or_by_itself() {
        assert_eq!(reason(0, None, 29), None);
        assert_eq!(reason(0, None, 30), Some((30, EndReason::Idle)));
        assert_eq!(reason(70, None, 89), None);
        assert_eq!(reason(70, None, 90), Some((90, EndReason::Expired)));
        assert_eq!(reason(70, Some((80, "not_me")), 200), Some((80, EndReason::NotMe)));
        assert_eq!(reason(0, Some((1, "of tomorrow")), 2), Some((1, EndReason::Other)));
    }
}

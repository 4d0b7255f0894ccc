//! A session with its refresh token family, for administrators: who rotated when, where a token was used
//! again after its time, and how it ended.

use uuid::Uuid;

use super::list::session;
use crate::flow::permission::require_permission;
use crate::id::SessionId;
use crate::session::Caller;
use crate::store::{AuditRow, FamilyRow, StepRow};
use crate::view::{EndReason, Family, FamilyStep, Origin, Reuse};
use crate::{Auth, ErrorCode, EventKind, Permission, Result};

/// Tokens that are told one by one; a longer family is told in slots of time.
const MOST_ALONE: i64 = 60;
/// Slots of time at most; as many days as a session has fit.
const MOST_SLOTS: i64 = 92;
/// Steps at most: each device of a slot is a step.
const MOST_STEPS: u16 = 300;
/// Lines of the audit log that are looked through, newest first.
const MOST_EVENTS: i64 = 50;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// How long a slot may be, in seconds.
const SLOTS: [i64; 6] = [MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY];

/// A session, live or ended, with its family.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not see it, and when there is none.
pub async fn admin_show_session(auth: &Auth, caller: &Caller, id: &SessionId) -> Result<Family> {
    require_permission(auth, caller, Permission::ReadUsers).await?;
    // A database need not take every text: PostgreSQL refuses a zero byte.
    let id = SessionId(Uuid::try_parse(id.as_str()).map_err(|_| ErrorCode::NotFound)?.to_string());
    let row = auth.store.family(&id).await?.ok_or(ErrorCode::NotFound)?;
    let tokens = row.newest_generation + 1;
    let span = row.session.last_seen_at.seconds_since(row.session.created_at);
    let slot_seconds = (tokens > MOST_ALONE).then(|| slot_for(span));
    let mut steps = match slot_seconds {
        None => auth.store.family_tokens(&row.session, MOST_ALONE).await?,
        Some(slot) => {
            auth.store.family_slots(&row.session, slot.saturating_mul(1000), i64::from(MOST_STEPS) + 1).await?
        }
    };
    let is_cut = steps.len() > usize::from(MOST_STEPS);
    steps.truncate(usize::from(MOST_STEPS));
    let events = auth.store.sign_in_events_of(&id, MOST_EVENTS).await?;
    Ok(family(auth, row, tokens, steps, slot_seconds, is_cut, &events))
}

/// The shortest slot of which there are not too many.
fn slot_for(span: i64) -> i64 {
    SLOTS.into_iter().find(|slot| span / slot < MOST_SLOTS).unwrap_or(span / MOST_SLOTS + 1)
}

fn family(
    auth: &Auth,
    row: FamilyRow,
    tokens: i64,
    steps: Vec<StepRow>,
    slot_seconds: Option<i64>,
    is_cut: bool,
    events: &[AuditRow],
) -> Family {
    let session = session(auth, row.session);
    let reuse = events.iter().find(|event| event.kind == Some(EventKind::SessionRefreshTokenReused));
    let reuse = reuse.map(|event| Reuse { at: event.at, generation: row.reused_generation, origin: origin(event) });
    let ending = session.end.as_ref().and_then(|end| line_of(end.reason));
    let ended_from = events.iter().find(|event| event.kind.is_some() && event.kind == ending).map(origin);
    Family {
        user_id: row.user_id,
        email: row.email,
        name: row.name,
        session,
        tokens,
        steps: steps.into_iter().map(step).collect(),
        slot_seconds,
        is_cut,
        reuse,
        ended_from,
    }
}

/// The line that says with what and from where a session was ended. Others leave none with this session,
/// and an administrator's place is nobody's business.
fn line_of(reason: EndReason) -> Option<EventKind> {
    match reason {
        EndReason::SignedOut => Some(EventKind::SessionSignedOut),
        EndReason::EndedByUser => Some(EventKind::SessionEnded),
        EndReason::TooManyTries => Some(EventKind::SessionLocked),
        EndReason::RefreshTokenReuse => Some(EventKind::SessionRefreshTokenReused),
        EndReason::CodeReuse => Some(EventKind::SessionCodeReused),
        _ => None,
    }
}

fn origin(event: &AuditRow) -> Origin {
    Origin { device: event.device.clone(), address: Some(event.address.clone()) }
}

fn step(row: StepRow) -> FamilyStep {
    let StepRow { first, last, tokens, since, until, device, address, addresses } = row;
    let address = (addresses == 1).then_some(address);
    FamilyStep { first, last, tokens, since, until, origin: Origin { device, address } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_as_short_as_can_be_shown() {
        assert_eq!(slot_for(0), MINUTE);
        assert_eq!(slot_for(90 * MINUTE), MINUTE);
        assert_eq!(slot_for(3 * HOUR), 10 * MINUTE);
        assert_eq!(slot_for(3 * DAY), HOUR);
        assert_eq!(slot_for(90 * DAY), DAY);
        assert_eq!(slot_for(365 * DAY), 7 * DAY);
        assert!(10_000 * DAY / slot_for(10_000 * DAY) <= MOST_SLOTS);
    }
}

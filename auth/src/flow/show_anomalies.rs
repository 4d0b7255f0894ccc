//! Sign-ins that looked unusual, for those who look after the platform.

use super::permission::require_permission;
use super::show_statistics::count_beside;
use crate::anomaly::AnomalyReason;
use crate::job::statistics::{DAYS, anomalies_named, day_of, start_of};
use crate::paging::{Cursor, Page, Place};
use crate::session::Caller;
use crate::view::{Anomalies, AnomalyDay, AnomalyItem};
use crate::{Auth, Permission, Result};

/// The last thirty days as numbers, and a page of the list, the newest first; of one reason where one is wanted. They are
/// kept for ninety days.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not see it;
/// [`crate::ErrorCode::MalformedRequest`] for a broken cursor.
pub async fn show_anomalies(
    auth: &Auth,
    caller: &Caller,
    reason: Option<AnomalyReason>,
    after: Option<Cursor>,
) -> Result<Anomalies> {
    require_permission(auth, caller, Permission::ReadAudit).await?;
    let rows = auth.store.for_lists().anomalies(reason, &Place::of(after)?).await?;
    let place = |item: &AnomalyItem| Place { at: item.record.at, id: item.id.0.clone() };
    let Page { items, next } = Page::of(rows, place, Some);
    count_beside(auth).await;
    Ok(Anomalies { days: days(auth).await?, items, next })
}

async fn days(auth: &Auth) -> Result<Vec<AnomalyDay>> {
    let today = day_of(auth.now());
    let numbers = auth.store.for_lists().statistics_between(today - DAYS + 1, today).await?;
    let days = (today - DAYS + 1..=today).map(|day| {
        let of = |reason: AnomalyReason| {
            let name = anomalies_named(reason);
            numbers.iter().find(|(on, called, _)| *on == day && called == name).map_or(0, |(.., n)| *n)
        };
        AnomalyDay {
            start: start_of(day),
            impossible_travel: of(AnomalyReason::ImpossibleTravel),
            new_device: of(AnomalyReason::NewDevice),
            many_accounts: of(AnomalyReason::ManyAccounts),
            token_reuse: of(AnomalyReason::TokenReuse),
        }
    });
    Ok(days.collect())
}

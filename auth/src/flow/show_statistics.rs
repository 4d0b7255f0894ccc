//! What happened on each of the last days, for administrators.

use std::time::Duration;

use super::permission::require_permission;
use crate::job::statistics::{
    ACCOUNTS, ACTIVE, BY_OTHER, BY_PASSKEY, BY_PASSWORD, BY_PROVIDER, DAYS, REFUSED, WITH_FACTOR, day_of, start_of,
};
use crate::session::Caller;
use crate::view::{SignInCounts, Statistics, StatisticsDay};
use crate::{Auth, Permission, Result};

/// Older numbers are counted anew when somebody looks.
const FRESH_SECONDS: i64 = 60;
/// How long the page waits for them. Where there is much to count, it is shown with the numbers of before.
const PATIENCE: Duration = Duration::from_millis(25);

/// The last thirty days. The log is not read here: whoever has the turn counts it beside the request.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not see it.
pub async fn show_statistics(auth: &Auth, caller: &Caller) -> Result<Statistics> {
    require_permission(auth, caller, Permission::ReadHealth).await?;
    count_beside(auth).await;
    let today = day_of(auth.now());
    let store = auth.store.for_lists();
    let numbers = store.statistics_between(today - DAYS + 1, today).await?;
    let days = (today - DAYS + 1..=today).map(|day| {
        let of = |name: &str| numbers.iter().find(|(on, called, _)| *on == day && called == name).map(|(.., n)| *n);
        let count = |name: &str| of(name).unwrap_or_default();
        StatisticsDay {
            start: start_of(day),
            sign_ins: SignInCounts {
                password: count(BY_PASSWORD),
                passkey: count(BY_PASSKEY),
                provider: count(BY_PROVIDER),
                other: count(BY_OTHER),
            },
            refused: count(REFUSED),
            active: of(ACTIVE),
            accounts: of(ACCOUNTS),
            with_factor: of(WITH_FACTOR),
        }
    });
    Ok(Statistics { counted_at: store.counted_at().await?, days: days.collect() })
}

/// Has the days counted, where that is due, and waits for it for a moment.
pub(super) async fn count_beside(auth: &Auth) {
    let counting = {
        let auth = auth.clone();
        tokio::spawn(async move { auth.count_statistics(FRESH_SECONDS).await })
    };
    // Otherwise it is done or goes on.
    if let Ok(Ok(Err(error))) = tokio::time::timeout(PATIENCE, counting).await {
        tracing::warn!(%error, "the days were not counted");
    }
}

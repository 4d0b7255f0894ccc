//! Browsers tell which rules of our pages they kept. Anybody can say so, signed in or not, so what is stored is bounded: each
//! rule, site and page counts as one, and a day has so many of them.

use crate::browser_report::BrowserReport;
use crate::job::statistics::day_of;
use crate::{Auth, Result};

/// Different reports of one day; parallel ones may be a few more. More of them are somebody's game.
const MOST_A_DAY: i64 = 200;

/// Counts reports; says how many were.
///
/// # Errors
/// Only a fault on our side.
pub async fn note_browser_reports(auth: &Auth, reports: &[BrowserReport]) -> Result<usize> {
    let now = auth.now();
    let mut counted = 0;
    for report in reports {
        counted += usize::from(auth.store.count_browser_report(report, (day_of(now), now), MOST_A_DAY).await?);
    }
    Ok(counted)
}

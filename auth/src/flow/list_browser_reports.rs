//! What browsers refused by the rules of our pages, for operators. Our own pages break none, so a line is an attack, a program
//! in somebody's browser, or a mistake of ours.

use super::permission::require_permission;
use crate::session::Caller;
use crate::view::BrowserReports;
use crate::{Auth, Permission, Result};

/// Lines that are shown.
const MOST: i64 = 100;

/// What was told within 30 days, what was told last first.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not see it.
pub async fn list_browser_reports(auth: &Auth, caller: &Caller) -> Result<BrowserReports> {
    require_permission(auth, caller, Permission::ReadHealth).await?;
    let store = auth.store.for_lists();
    let (kinds, reports) = store.count_browser_reports().await?;
    Ok(BrowserReports { items: store.browser_reports(MOST).await?, kinds, reports })
}

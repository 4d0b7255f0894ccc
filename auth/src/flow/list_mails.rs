//! Mails and SMS on their way, and those that could not be delivered, for support. What is in them, and so every link and
//! code, is never shown.

use super::permission::require_permission;
use crate::paging::{Cursor, Page, Place};
use crate::session::Caller;
use crate::store::QueuedJob;
use crate::view::{MailItem, MailState};
use crate::{Auth, Permission, Result};

/// A page of mails, the newest first; of one state where one is wanted. What was sent stays for a week.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not see it;
/// [`crate::ErrorCode::MalformedRequest`] for a broken cursor.
pub async fn list_mails(
    auth: &Auth,
    caller: &Caller,
    state: Option<MailState>,
    after: Option<Cursor>,
) -> Result<Page<MailItem>> {
    require_permission(auth, caller, Permission::ReadMails).await?;
    let jobs = auth.store.queued_jobs(state, &Place::of(after)?).await?;
    let place = |job: &QueuedJob| Place { at: job.created_at, id: job.id.0.clone() };
    Ok(Page::of(jobs, place, |job| Some(auth.mail_item(job))))
}

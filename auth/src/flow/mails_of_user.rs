//! The mails of one person, for support: which were sent, and which did not get through.

use super::permission::require_permission;
use crate::id::UserId;
use crate::session::Caller;
use crate::view::MailItem;
use crate::{Auth, ErrorCode, Permission, Result};

/// Mails that are shown.
const MOST: i64 = 50;

/// The last mails to the address of an account, the newest first.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not see them, and when there is no such account.
pub async fn mails_of_user(auth: &Auth, caller: &Caller, id: &UserId) -> Result<Vec<MailItem>> {
    require_permission(auth, caller, Permission::ReadMails).await?;
    let id = UserId::parse(id.as_str()).ok_or(ErrorCode::NotFound)?;
    let user = auth.store.user(&id).await?.ok_or(ErrorCode::NotFound)?;
    let jobs = auth.store.jobs_to(&auth.mac_of_recipient(&user.email), MOST).await?;
    Ok(jobs.into_iter().map(|job| auth.mail_item(job)).collect())
}

//! Dropping a mail that waits or could not be delivered.

use super::mail_of_queue::{hold_mail, record};
use crate::session::Caller;
use crate::view::MailState;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Mails that tell people what was done to them by whoever looks after the product: nobody does it and keeps it quiet.
const NOTICES: [&str; 7] = [
    "account_suspended",
    "account_unsuspended",
    "factor_removed",
    "factors_reset",
    "impersonation_started",
    "organization_closed",
    "organization_reopened",
];

/// Forgets a mail that was not sent: nobody gets it. One that tells of an act of administrators is forgotten only once it
/// was given up.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such mail;
/// [`ErrorCode::MalformedRequest`] for what is no id; [`ErrorCode::WrongState`] for one that was sent, or is on its way;
/// [`ErrorCode::Forbidden`] for one that tells of an act of administrators and waits.
pub async fn drop_mail(auth: &Auth, caller: &Caller, id: &str, context: &Context) -> Result<()> {
    let (mut tx, job) = hold_mail(auth, caller, id).await?;
    let mail = auth.mail_item(job);
    if mail.state == MailState::Waiting && mail.kind.as_deref().is_some_and(|kind| NOTICES.contains(&kind)) {
        return Err(ErrorCode::Forbidden.into());
    }
    if !tx.drop_job(&mail.id, auth.now()).await? {
        return Err(ErrorCode::WrongState.into());
    }
    // Afterwards nobody can look what it was: whether somebody was not to hear of something.
    record(auth, &mut tx, EventKind::AdminMailDropped, (caller, &mail.id, mail.kind.as_deref()), context).await?;
    tx.commit().await?;
    Ok(())
}

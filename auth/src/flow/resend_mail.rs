//! Sending a mail once more that waits or could not be delivered.

use super::mail_of_queue::{hold_mail, record};
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Puts a mail at the beginning of its tries: it leaves at once.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such mail;
/// [`ErrorCode::MalformedRequest`] for what is no id; [`ErrorCode::LinkExpired`] when its link or code is over, so that it
/// would help nobody; [`ErrorCode::WrongState`] for one that was sent, or is on its way.
pub async fn resend_mail(auth: &Auth, caller: &Caller, id: &str, context: &Context) -> Result<()> {
    let (mut tx, job) = hold_mail(auth, caller, id).await?;
    let id = job.id.clone();
    if auth.mail_item(job).is_outdated {
        return Err(ErrorCode::LinkExpired.into());
    }
    if !tx.renew_job(&id, auth.now()).await? {
        return Err(ErrorCode::WrongState.into());
    }
    record(auth, &mut tx, EventKind::AdminMailResent, (caller, &id, None), context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}

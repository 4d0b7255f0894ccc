//! Where a change of address stands, for the person whose address it is.

use crate::session::Caller;
use crate::store::MAX_WRONG_CODES;
use crate::view::{EmailChangeStatus, UndoableEmail, WaitingEmail};
use crate::{Auth, Result};

/// The address that waits to be proved, and the one that may still be taken back.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn email_change_status(auth: &Auth, caller: &Caller) -> Result<EmailChangeStatus> {
    auth.session_of(caller).await?;
    let now = auth.now();
    let waiting = auth.store.waiting_email_change(&caller.user_id, now).await?.map(|change| WaitingEmail {
        email: change.new_email,
        expires_at: change.expires_at,
        tries_left: u32::try_from(MAX_WRONG_CODES - change.wrong_codes).unwrap_or(0),
    });
    let undoable = auth.store.newest_undoable_email_change(&caller.user_id, now).await?;
    let undoable =
        undoable.and_then(|change| Some(UndoableEmail { email: change.old_email, until: change.undo_expires_at? }));
    Ok(EmailChangeStatus { waiting, undoable })
}

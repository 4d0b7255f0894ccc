//! Changing what a person is called.

use crate::session::Caller;
use crate::{Auth, Context, EventKind, PersonName, Result};

/// Gives the caller another name. The same name again changes nothing and leaves no trace.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn change_name(auth: &Auth, caller: &Caller, name: PersonName, context: &Context) -> Result<()> {
    auth.session_of(caller).await?;
    let mut tx = auth.store.begin().await?;
    if tx.set_user_name(&caller.user_id, &name).await? {
        let subject = (Some(&caller.user_id), Some(&caller.session_id));
        auth.audit(&mut tx, EventKind::UserNameChanged, subject, context).await?;
    }
    tx.commit().await?;
    Ok(())
}

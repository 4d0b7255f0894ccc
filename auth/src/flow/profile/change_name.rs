//! Changing what a person is called.

use crate::session::Actor;
use crate::{Auth, Context, EventKind, PersonName, Result};

/// Gives the caller another name. The same name again changes nothing and leaves no trace.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn change_name(auth: &Auth, actor: impl Into<Actor>, name: PersonName, context: &Context) -> Result<()> {
    let actor = actor.into();
    auth.require_live(&actor).await?;
    let mut tx = auth.store.begin().await?;
    if tx.set_user_name(&actor.user_id, &name).await? {
        auth.audit(&mut tx, EventKind::UserNameChanged, actor.subject(), context).await?;
    }
    tx.commit().await?;
    Ok(())
}

//! Changing the zone that times are shown in.

use crate::session::Actor;
use crate::{Auth, Context, EventKind, Result, TimeZone};

/// Shows the caller times in another zone. The same zone again changes nothing and leaves no trace.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn change_time_zone(auth: &Auth, actor: impl Into<Actor>, zone: TimeZone, context: &Context) -> Result<()> {
    let actor = actor.into();
    auth.require_live(&actor).await?;
    let mut tx = auth.store.begin().await?;
    if tx.set_user_time_zone(&actor.user_id, &zone).await? {
        auth.audit(&mut tx, EventKind::UserTimeZoneChanged, actor.subject(), context).await?;
    }
    tx.commit().await?;
    Ok(())
}

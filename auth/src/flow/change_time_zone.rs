//! Changing the zone that times are shown in.

use crate::session::Caller;
use crate::{Auth, Context, EventKind, Result, TimeZone};

/// Shows the caller times in another zone. The same zone again changes nothing and leaves no trace.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn change_time_zone(auth: &Auth, caller: &Caller, zone: TimeZone, context: &Context) -> Result<()> {
    auth.session_of(caller).await?;
    let mut tx = auth.store.begin().await?;
    if tx.set_user_time_zone(&caller.user_id, &zone).await? {
        let subject = (Some(&caller.user_id), Some(&caller.session_id));
        auth.audit(&mut tx, EventKind::UserTimeZoneChanged, subject, context).await?;
    }
    tx.commit().await?;
    Ok(())
}

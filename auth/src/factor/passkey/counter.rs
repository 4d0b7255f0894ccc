//! A counter that did not go on (WebAuthn Level 3, 6.1.1): a copy of the passkey may exist. The answer is refused, the
//! owner is told, and the passkey stays: its owner decides, and may need it to get in and remove it.

use crate::flow::new_notice_link;
use crate::mail::{Mail, Message};
use crate::store::{PasskeyRow, UserRow};
use crate::{Auth, Context, EventKind, Result};

/// Seconds until another one of the same passkey is mailed again. Each is logged.
const QUIET: i64 = 24 * 60 * 60;

/// Logs it, and mails it once a day.
///
/// # Errors
/// Only when the database fails.
pub(super) async fn tell_of_regressed_counter(
    auth: &Auth,
    row: &PasskeyRow,
    user: &UserRow,
    context: &Context,
) -> Result<()> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    auth.audit(&mut tx, EventKind::PasskeyCounterRegressed, (Some(&user.id), None), context).await?;
    if tx.note_regressed_counter(&row.id, now, now.minus_seconds(QUIET)).await? {
        let message = Message::PasskeyCounterRegressed {
            name: user.name.clone(),
            passkey: row.name.clone(),
            device: context.device.clone(),
            at: now,
            link: new_notice_link(auth, &mut tx, &user.id, &user.email, now).await?,
        };
        auth.promise_mail(&mut tx, &Mail { to: user.email.clone(), locale: user.locale, message }).await?;
    }
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}

//! The notice by mail when somebody signs in with a device that is new to the account.
//!
//! A device is told by its words, such as `Firefox on Linux`: they change with the browser, not with
//! its updates or the network. The first session of an account is no news to anybody; one of an account
//! whose sessions were all forgotten meanwhile is.

use super::secure_account::new_notice_link;
use crate::mail::{Mail, Message};
use crate::store::{Transaction, UserRow};
use crate::{Auth, Context, Result};

/// Days after which a device that was not seen is new again.
const DAYS: i64 = 90;

/// Promises the notice when the device is new; says whether it did. Comes before the new session,
/// which would be found otherwise. Two sign-ins of one moment may both be told on PostgreSQL.
pub(super) async fn tell_of_new_device(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserRow,
    context: &Context,
) -> Result<bool> {
    let now = auth.now();
    // A session is seen until its end at the latest: what began before that was not seen for 90 days.
    let since = now.minus_seconds(DAYS * 24 * 60 * 60 + auth.lifetimes.session);
    if !tx.is_new_device(&user.id, &context.device, since).await? {
        return Ok(false);
    }
    let message = Message::NewDevice {
        name: user.name.clone(),
        device: context.device.clone(),
        at: now,
        link: new_notice_link(auth, tx, &user.id, &user.email).await?,
    };
    let mail = Mail { to: user.email.clone(), locale: user.locale, message };
    auth.promise_mail(tx, &mail).await?;
    Ok(true)
}

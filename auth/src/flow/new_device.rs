//! The notice by mail when somebody signs in with a device that is new to the account.
//!
//! A device is told by its words, such as `Firefox on Linux`: they change with the browser, not with
//! its updates or the network. The first session of an account is no news to anybody; one of an account
//! whose sessions were all forgotten meanwhile is.

use super::secure_account::new_notice_link;
use super::unusual_sign_in::reused_since;
use crate::mail::{Mail, Message};
use crate::store::{Acquaintance, Transaction, UserRow};
use crate::{Auth, Context, Email, Result, Timestamp};

/// Days after which a device that was not seen is new again.
const DAYS: i64 = 90;

/// Since when a device must have been seen not to be new. A session is seen until its end at the
/// latest: what began before that was not seen for 90 days.
pub(super) fn device_since(auth: &Auth) -> Timestamp {
    auth.now().minus_seconds(DAYS * 24 * 60 * 60 + auth.lifetimes.session)
}

/// The account with this address, and what it knows of whoever comes to sign in.
pub(super) async fn at_the_door(
    auth: &Auth,
    email: &Email,
    context: &Context,
) -> Result<Option<(UserRow, Acquaintance)>> {
    let (seen, reused) = (device_since(auth), reused_since(auth));
    Ok(auth.store.account_at_the_door(email, &context.device, seen, reused, auth.now()).await?)
}

/// Promises the notice of a session that began at `now`: its page shows what happened since then. Two sign-ins of one moment may both be told on PostgreSQL.
pub(super) async fn tell_of_new_device(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserRow,
    context: &Context,
    now: Timestamp,
) -> Result<()> {
    let message = Message::NewDevice {
        name: user.name.clone(),
        device: context.device.clone(),
        at: now,
        link: new_notice_link(auth, tx, &user.id, &user.email, now).await?,
    };
    auth.promise_mail(tx, &Mail { to: user.email.clone(), locale: user.locale, message }).await
}

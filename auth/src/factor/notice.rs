//! What a person is told when a second factor comes or goes (ASVS 5.0, 6.3.7): by mail, and in the activity.

use super::FactorMethod;
use crate::flow::new_notice_link;
use crate::id::SessionId;
use crate::mail::{Mail, Message};
use crate::store::{Transaction, UserRow};
use crate::{Auth, Context, EventKind, Result};

/// Promises the mail about a new factor and writes it down. Whoever commits wakes the worker.
pub(crate) async fn tell_factor_added(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserRow,
    factor: FactorMethod,
    session: Option<&SessionId>,
    context: &Context,
) -> Result<()> {
    let link = new_notice_link(auth, tx, &user.id, &user.email, auth.now()).await?;
    let message = Message::FactorAdded { name: user.name.clone(), factor, link };
    auth.promise_mail(tx, &Mail { to: user.email.clone(), locale: user.locale, message }).await?;
    auth.audit(tx, EventKind::FactorAdded, (Some(&user.id), session), context).await
}

/// Promises the mail about a factor that is gone and writes it down. Devices that were trusted with it are asked again.
/// Whoever commits wakes the worker.
pub(crate) async fn tell_factor_removed(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserRow,
    factor: FactorMethod,
    session: Option<&SessionId>,
    context: &Context,
) -> Result<()> {
    tx.revoke_trusted_devices(&user.id, auth.now()).await?;
    tx.forget_factor_proofs(&user.id, session).await?;
    let link = new_notice_link(auth, tx, &user.id, &user.email, auth.now()).await?;
    let message = Message::FactorRemoved { name: user.name.clone(), factor, link };
    auth.promise_mail(tx, &Mail { to: user.email.clone(), locale: user.locale, message }).await?;
    auth.audit(tx, EventKind::FactorRemoved, (Some(&user.id), session), context).await
}

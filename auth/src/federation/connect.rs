//! Connecting an account of a provider: from now on it opens an account here. Told by mail with the link "this was not
//! me", as every new way in is (ASVS 5.0, 6.3.7).

use super::kept_tokens::keep_tokens;
use super::{Identity, Provider};
use crate::flow::new_notice_link;
use crate::id::ConnectionId;
use crate::mail::{Mail, Message};
use crate::store::{Transaction, UserRow};
use crate::{Auth, Context, ErrorCode, EventKind, ProviderId, Result};

/// Connections of one account.
const MOST: usize = 20;

/// Connects somebody who was verified by a provider to an account, as part of a transaction that holds it: the row, its
/// tokens, a line in the activity and the mail. Connected to this account already, it is refreshed, and nobody is told.
/// `false` when it belongs to another account. Whoever commits wakes the worker.
///
/// # Errors
/// [`ErrorCode::FactorUnavailable`] for an account with twenty connections.
pub(crate) async fn add_connection(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserRow,
    identity: &Identity,
    context: &Context,
) -> Result<bool> {
    let now = auth.now();
    let id = ConnectionId(auth.random.id(now));
    if !tx.insert_connection(&id, &user.id, identity, now).await? {
        let (known, owner) = tx.connection_of(identity).await?.ok_or(ErrorCode::ChangedMeanwhile)?;
        if owner != user.id {
            return Ok(false);
        }
        tx.use_connection(identity, now).await?;
        keep(auth, tx, &known, identity).await?;
        return Ok(true);
    }
    if tx.connected_providers(&user.id).await?.len() > MOST {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    keep(auth, tx, &id, identity).await?;
    let message = Message::ConnectionAdded {
        name: user.name.clone(),
        provider: provider_name(auth, &identity.provider),
        account: identity.email.address().cloned(),
        device: context.device.clone(),
        at: now,
        link: new_notice_link(auth, tx, &user.id, &user.email, now).await?,
    };
    auth.promise_mail(tx, &Mail { to: user.email.clone(), locale: user.locale, message }).await?;
    auth.audit(tx, EventKind::ConnectionAdded, (Some(&user.id), None), context).await?;
    Ok(true)
}

/// The provider's name for people; its name in addresses when the settings know it no more.
pub(crate) fn provider_name(auth: &Auth, id: &ProviderId) -> String {
    let known = auth.providers.get(id).map(Provider::settings);
    known.map_or_else(|| id.to_string(), |settings| settings.name.clone())
}

async fn keep(auth: &Auth, tx: &mut Transaction, id: &ConnectionId, identity: &Identity) -> Result<()> {
    match &identity.tokens {
        Some(tokens) => keep_tokens(auth, tx, id, tokens, auth.now()).await,
        None => Ok(()),
    }
}

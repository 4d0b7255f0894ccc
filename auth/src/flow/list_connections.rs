//! The connections of a person.

use crate::federation::{Provider, provider_name};
use crate::session::Caller;
use crate::store::ConnectionRow;
use crate::view::{ConnectionItem, ProviderIcon};
use crate::{Auth, FactorMethod, Result};

/// The caller's connections, the oldest first, also those to providers that are not offered any more.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn list_connections(auth: &Auth, caller: &Caller) -> Result<Vec<ConnectionItem>> {
    let session = auth.session_of(caller).await?;
    let rows = auth.store.connections_of(&caller.user_id).await?;
    let offered = rows.iter().filter(|row| auth.providers.get(&row.provider).is_some()).count();
    let has_another = session.has_password || session.factors.contains(FactorMethod::Passkey) || offered > 1;
    Ok(rows.into_iter().map(|row| item(auth, row, has_another)).collect())
}

fn item(auth: &Auth, row: ConnectionRow, has_another: bool) -> ConnectionItem {
    let known = auth.providers.get(&row.provider).map(Provider::item);
    ConnectionItem {
        provider_name: provider_name(auth, &row.provider),
        icon: known.as_ref().map_or(ProviderIcon::Openid, |provider| provider.icon),
        is_offered: known.is_some(),
        // One that opens nothing is no way in.
        may_disconnect: has_another || known.is_none(),
        id: row.id,
        provider: row.provider,
        email: row.email.map(|email| email.to_string()),
        connected_at: row.created_at,
        last_used_at: row.last_used_at,
    }
}

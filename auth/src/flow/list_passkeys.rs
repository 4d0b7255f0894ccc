//! The passkeys of a person.

use crate::factor::RelyingParty;
use crate::factor::passkey::{model_name, user_handle};
use crate::session::Caller;
use crate::store::PasskeyRow;
use crate::view::{PasskeyItem, PasskeyList};
use crate::{Auth, Result};

/// The caller's passkeys, the oldest first, and what a browser needs to tell a password manager which there are
/// (`signalAllAcceptedCredentials`, WebAuthn Level 3, 5.1.10).
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn list_passkeys(auth: &Auth, caller: &Caller) -> Result<PasskeyList> {
    auth.session_of(caller).await?;
    let rows = auth.store.passkeys_of(&caller.user_id).await?;
    Ok(PasskeyList {
        rp_id: auth.relying_party.as_ref().map(|party| RelyingParty::id(party).to_owned()),
        user_id: user_handle(&caller.user_id),
        passkeys: rows.into_iter().map(item).collect(),
    })
}

/// A passkey as its owner sees it.
pub(super) fn item(row: PasskeyRow) -> PasskeyItem {
    PasskeyItem {
        id: row.id,
        credential_id: row.credential_id,
        name: row.name,
        authenticator: model_name(&row.aaguid).map(str::to_owned),
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        is_synced: row.is_synced,
        counter_regressed_at: row.counter_regressed_at,
    }
}

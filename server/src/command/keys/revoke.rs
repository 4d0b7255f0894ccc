//! `keywright keys revoke KID`

use anyhow::anyhow;
use auth::view::{KeyState, KeyView};
use auth::{Auth, Error, ErrorCode, flow};

use super::in_words;

/// Revokes a key, and says what signs now.
pub(super) async fn revoke(auth: &Auth, kid: &str) -> anyhow::Result<String> {
    flow::revoke_key(auth, kid).await.map_err(|error| match error {
        Error::Refused(refusal) if refusal.code == ErrorCode::NotFound => {
            anyhow!("there is no key {kid}; `keywright keys list` shows them")
        }
        other => in_words(other),
    })?;
    let keys = flow::list_keys(auth).await.map_err(in_words)?;
    let signing = keys.iter().find(|key| key.state == KeyState::Signing);
    let now = signing.map(|KeyView { id, algorithm, .. }| format!(" {id} ({algorithm}) signs.")).unwrap_or_default();
    Ok(format!("{kid} is revoked: every node refuses what it signed within a second.{now}"))
}

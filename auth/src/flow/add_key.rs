//! Adding a key behind the newest one.

use super::list_keys;
use crate::token::Algorithm;
use crate::view::KeyView;
use crate::{Auth, Result};

/// How often a change of the keys is tried that another one was faster than.
pub(super) const TRIES: usize = 5;

/// Makes and publishes a key that signs `lead` seconds from now; none when another node or operator added
/// one in the same moment.
pub(super) async fn add_key(auth: &Auth, algorithm: Algorithm, lead: i64) -> Result<Option<KeyView>> {
    let key = auth.vault.make(algorithm, auth.keys().current().next_sequence(), &auth.random).await?;
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let is_added = tx.insert_signing_key(&key, now, now.plus_seconds(lead)).await?;
    tx.commit().await?;
    let keys = list_keys(auth).await?;
    Ok(keys.into_iter().find(|view| is_added && view.id == key.id))
}

//! Showing a picture. Its id is as good as a key: whoever was shown the address may look.

use crate::avatar::Avatar;
use crate::{Auth, Result};

/// The picture with this id; none when it was replaced, removed, or never there.
///
/// # Errors
/// Only when the database fails.
pub async fn avatar(auth: &Auth, id: &str) -> Result<Option<Avatar>> {
    // A database need not take every text: PostgreSQL refuses a zero byte.
    let is_id = !id.is_empty()
        && id.len() < 100
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if is_id { Ok(auth.store.avatar(id).await?) } else { Ok(None) }
}

//! Showing a picture. Its id is as good as a key: whoever was shown the address may look.

use crate::avatar::Avatar;
use crate::{Auth, Result};

/// The picture with this id; none when it was replaced, removed, or never there.
///
/// # Errors
/// Only when the database fails.
pub async fn avatar(auth: &Auth, id: &str) -> Result<Option<Avatar>> {
    if is_id(id) { Ok(auth.store.avatar(id).await?) } else { Ok(None) }
}

/// Whether a text may be the id of a picture. A database need not take every text: PostgreSQL refuses a zero byte.
pub(in crate::flow) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() < 100
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

//! The keys that sign access tokens.

use crate::view::KeyView;
use crate::{Auth, Result};

/// Every key with its state as the store knows it now, the newest first. Whoever calls this has made sure
/// that an operator asks.
///
/// # Errors
/// When the store fails.
pub async fn list_keys(auth: &Auth) -> Result<Vec<KeyView>> {
    auth.learn_keys().await?;
    Ok(auth.keys().current().views(auth.now()))
}

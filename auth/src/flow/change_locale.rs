//! Changing the language of an account's mails.

use crate::session::Caller;
use crate::{Auth, Locale, Result};

/// Remembers the language with the caller's account.
///
/// # Errors
/// Only when the database fails.
pub async fn change_locale(auth: &Auth, caller: &Caller, locale: Locale) -> Result<()> {
    let mut tx = auth.store.begin().await?;
    tx.set_user_locale(&caller.user_id, locale).await?;
    tx.commit().await?;
    Ok(())
}

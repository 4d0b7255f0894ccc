//! Changing the language of an account's mails.

use crate::session::Actor;
use crate::{Auth, Locale, Result};

/// Remembers the language with the caller's account.
///
/// # Errors
/// Only when the database fails.
pub async fn change_locale(auth: &Auth, actor: impl Into<Actor>, locale: Locale) -> Result<()> {
    let actor = actor.into();
    let mut tx = auth.store.begin().await?;
    tx.set_user_locale(&actor.user_id, locale).await?;
    tx.commit().await?;
    Ok(())
}

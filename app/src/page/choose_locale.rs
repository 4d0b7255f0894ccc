//! Choosing the language of pages and mails.

use leptos::prelude::*;

use crate::error::AppError;

/// Remembers the language with this browser and, when somebody is signed in, with the account.
///
/// # Errors
/// An unknown language.
#[server(prefix = "/rpc", endpoint = "choose_locale")]
pub async fn choose_locale(#[server(default)] locale: String) -> Result<(), AppError> {
    use crate::server;
    use auth::{Field, FieldIssue, Locale, Refusal};

    let Some(locale) = Locale::ALL.into_iter().find(|known| known.tag() == locale) else {
        return Err(Refusal::invalid(vec![(Field::Locale, FieldIssue::Unknown)]).into());
    };
    let (auth, caller) = (server::auth(), server::caller());
    server::remember_locale(locale);
    if let Ok(caller) = caller {
        auth::flow::change_locale(&auth, &caller, locale).await?;
    }
    Ok(())
}

//! Words on pages: the sentence of a key in the reader's language.

use auth::Locale;
use leptos::prelude::*;

/// Makes the language known to every component: the server has chosen it, the browser reads it
/// from the document.
pub fn provide_locale() {
    if use_context::<Locale>().is_none() {
        provide_context(document_locale());
    }
}

/// The reader's language.
pub fn locale() -> Locale {
    use_context::<Locale>().unwrap_or_default()
}

/// The sentence of `key`.
pub fn t(key: &str) -> String {
    auth::text::text(locale(), key)
}

/// The sentence of `key` with each `%{name}` replaced.
pub fn t_with(key: &str, values: &[(&str, &str)]) -> String {
    auth::text::text_with(locale(), key, values)
}

#[cfg(feature = "hydrate")]
fn document_locale() -> Locale {
    let tag = document().document_element().and_then(|html| html.get_attribute("lang"));
    tag.and_then(|tag| Locale::from_tag(&tag)).unwrap_or_default()
}

#[cfg(not(feature = "hydrate"))]
fn document_locale() -> Locale {
    Locale::default()
}

//! Words on pages: the sentence of a key in the reader's language.
//!
//! The server knows all of them. A browser gets those that islands say, with the page.

use auth::{FieldIssue, password};

#[cfg(feature = "ssr")]
pub use here::{browser_words, locale, provide_locale, t};
#[cfg(not(feature = "ssr"))]
pub use there::t;

/// The sentence of `key` with each `%{name}` replaced.
pub fn t_with(key: &str, values: &[(&str, &str)]) -> String {
    auth::text::fill(&t(key), values)
}

/// The sentence beside a field.
pub fn issue_text(issue: FieldIssue) -> String {
    let (min, max) = (password::MIN_LENGTH.to_string(), password::MAX_LENGTH.to_string());
    t_with(&format!("issue.{}", issue.as_str()), &[("min", &min), ("max", &max)])
}

#[cfg(feature = "ssr")]
mod here {
    use auth::token_text::{FindingKind, KNOWN, KnownName};
    use auth::{FieldIssue, Locale};
    use leptos::prelude::*;
    use leptos::server::ServerActionError;
    use leptos::server_fn::error::ServerFnUrlError;

    use crate::error::AppError;
    use crate::{TOKEN_DECODER, server};

    /// What islands say besides the sentences of field issues.
    const SAID_BY_ISLANDS: [&str; 37] = [
        "error.invalid_fields",
        "ui.avatar",
        "ui.body",
        "ui.code",
        "ui.current_password",
        "ui.department",
        "ui.domain",
        "ui.email",
        "ui.error_prefix",
        "ui.expires_in_days",
        "ui.hide_password",
        "ui.hide_password_spoken",
        "ui.kinds",
        "ui.logo",
        "ui.name",
        "ui.new_password",
        "ui.owner",
        "ui.note",
        "ui.password",
        "ui.password_rule",
        "ui.permissions",
        "ui.phone_number",
        "ui.reason",
        "ui.scopes",
        "ui.sensitivity",
        "ui.show_password",
        "ui.show_password_spoken",
        "ui.slug",
        "ui.strength_good",
        "ui.strength_short",
        "ui.strength_strong",
        "ui.strength_weak",
        "ui.time_zone",
        "ui.title",
        "ui.url",
        "ui.until",
        "ui.working",
    ];

    /// What the island of the token decoder says besides the sentences about tokens.
    const SAID_BY_TOKEN_DECODER: [&str; 15] = [
        "page.token_decoder.fine",
        "page.token_decoder.header_says",
        "page.token_decoder.header_title",
        "page.token_decoder.hint",
        "page.token_decoder.label",
        "page.token_decoder.part_header",
        "page.token_decoder.part_payload",
        "page.token_decoder.part_signature",
        "page.token_decoder.parts",
        "page.token_decoder.payload_says",
        "page.token_decoder.payload_title",
        "page.token_decoder.signature_text",
        "page.token_decoder.signature_title",
        "page.token_decoder.unknown",
        "page.token_decoder.unreadable",
    ];

    /// Makes the language known to every component.
    pub fn provide_locale() {
        if use_context::<Locale>().is_none() {
            provide_context(Locale::default());
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

    /// The words of islands as JSON, for the document: those above, the issues of fields, and why this
    /// page's form was refused. Only the page with the token decoder carries the words of that.
    pub fn browser_words() -> String {
        let issues = FieldIssue::ALL.iter().map(|issue| format!("issue.{}", issue.as_str()));
        let refusal = use_context::<ServerActionError>().map(|error| {
            let refusal = ServerFnUrlError::<AppError>::decode_err(error.err());
            format!("error.{}", refusal.code().as_str())
        });
        let decodes = server::path().as_deref() == Some(TOKEN_DECODER);
        let about_tokens = KNOWN.iter().map(KnownName::key).chain(FindingKind::ALL.iter().map(|kind| kind.key()));
        let of_decoder = SAID_BY_TOKEN_DECODER.iter().map(ToString::to_string).chain(about_tokens);
        let of_decoder = of_decoder.filter(|_| decodes);
        let keys = SAID_BY_ISLANDS.iter().map(ToString::to_string).chain(issues).chain(refusal).chain(of_decoder);
        let words: serde_json::Map<String, serde_json::Value> = keys.map(|key| (key.clone(), t(&key).into())).collect();
        // Nothing in it may end the element around it.
        serde_json::Value::Object(words).to_string().replace('<', "\\u003c")
    }
}

#[cfg(not(feature = "ssr"))]
mod there {
    use leptos::prelude::*;
    use std::collections::HashMap;

    thread_local! {
        static WORDS: HashMap<String, String> = words().unwrap_or_default();
    }

    fn words() -> Option<HashMap<String, String>> {
        let json = document().get_element_by_id("words")?.text_content()?;
        serde_json::from_str(&json).ok()
    }

    /// The sentence of `key`, if the page came with it.
    pub fn t(key: &str) -> String {
        WORDS.with(|words| words.get(key).cloned().unwrap_or_default())
    }
}

//! What is shown when a request was refused for now, because too many people ask or the database does not answer, and when it
//! reached no route: a form that was posted where none is read.

use auth::ErrorCode;
use leptos::prelude::*;

use super::plain::plain_page;
use crate::server::Preferences;
use crate::site_files::SiteFile;
use crate::text::t;

/// The page as HTML; `again` is the address that was asked for, where asking again does nothing twice.
pub fn later_page(code: ErrorCode, again: Option<String>, style: &SiteFile, preferences: Preferences) -> String {
    let purpose = format!("error.{}", code.as_str());
    let title = if code == ErrorCode::MethodNotAllowed { "page.later.method_title" } else { "page.later.title" };
    plain_page(style, preferences, title, &purpose, move || {
        view! {
            <div class="actions">
                {again.map(|path| view! { <a class="button button-primary" href=path>{t("page.later.again")}</a> })}
                <a class="button button-secondary" href="/">{t("page.later.front")}</a>
            </div>
        }
        .into_any()
    })
}

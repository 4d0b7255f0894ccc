//! An address where nothing is.

use leptos::prelude::*;

use crate::text::t;
use crate::ui::Entry;

/// The page of every unknown address.
#[component]
pub fn NotFound() -> impl IntoView {
    crate::server::set_status(auth::ErrorCode::NotFound);
    view! {
        <Entry title=t("page.not_found.title") lead=t("error.not_found")>
            <a class="button button-primary button-wide" href="/">{t("page.not_found.action")}</a>
        </Entry>
    }
}

//! The way through a long list, a page at a time.

use auth::Cursor;
use leptos::prelude::*;

use super::Icon;
use crate::text::t;

/// Links to what is older and back to the newest; nothing when there is only one page. `list` is the
/// address of the first page, with its query.
#[component]
pub fn Paging(#[prop(into)] list: String, next: Option<Cursor>, is_first: bool) -> impl IntoView {
    let sign = if list.contains('?') { '&' } else { '?' };
    let older = next.map(|Cursor(after)| format!("{list}{sign}after={after}"));
    (older.is_some() || !is_first).then(|| {
        let newest = (!is_first).then(|| view! { <a class="button button-secondary" href=list>{t("ui.newest")}</a> });
        let older = older.map(|older| {
            view! { <a class="button button-secondary" href=older>{t("ui.older")}<Icon name="arrow-right"/></a> }
        });
        view! { <nav class="paging" aria-label=t("ui.pages")>{newest}{older}</nav> }
    })
}

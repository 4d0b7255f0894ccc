//! Lines of a log, in short.

use auth::text::event_key;
use auth::view::HappenedView;
use leptos::prelude::*;

use crate::text::t;
use crate::ui::Moment;

/// What happened last, the newest first; a word when nothing did.
#[component]
pub(super) fn Happened(lines: Vec<HappenedView>, #[prop(into)] nothing: String) -> impl IntoView {
    if lines.is_empty() {
        return view! { <p class="muted">{nothing}</p> }.into_any();
    }
    let lines = lines.into_iter().map(|HappenedView { at, kind, actor }| {
        let actor = actor.map(|name| format!("{name} · "));
        view! {
            <li>
                <span>{t(&event_key(kind))}</span>
                <span class="muted">{actor}<Moment at with_time=true/></span>
            </li>
        }
    });
    view! { <ul class="dashboard-list">{lines.collect_view()}</ul> }.into_any()
}

//! One icon of the sprite `public/icons.svg`.

use leptos::prelude::*;

/// An icon beside words; screen readers skip it.
#[component]
pub fn Icon(name: &'static str, #[prop(default = "icon")] class: &'static str) -> impl IntoView {
    view! {
        <svg class=class aria-hidden="true"><use href=format!("/icons.svg#{name}")></use></svg>
    }
}

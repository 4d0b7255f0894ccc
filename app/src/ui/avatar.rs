//! What stands for a person: their picture, or their initials.

use auth::view::Me;
use leptos::prelude::*;

/// The picture or the initials, beside the name that says the same in words. `class` is the size.
#[component]
pub fn Avatar(me: Me, #[prop(default = "avatar")] class: &'static str) -> impl IntoView {
    match me.avatar {
        Some(path) => view! { <img class=class src=path alt="" width="256" height="256"/> }.into_any(),
        None => view! { <span class=class aria-hidden="true">{initials(me.name.as_str())}</span> }.into_any(),
    }
}

fn initials(name: &str) -> String {
    name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect()
}

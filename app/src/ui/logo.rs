//! What stands for an organization: its logo, or the first letter of its name.

use auth::view::OrganizationView;
use leptos::prelude::*;

/// The logo or the letter, beside the name that says the same in words. `class` is the size.
#[component]
pub fn Logo(organization: OrganizationView, #[prop(default = "logo")] class: &'static str) -> impl IntoView {
    match organization.logo {
        Some(path) => view! { <img class=class src=path alt="" width="256" height="256"/> }.into_any(),
        None => view! { <span class=class aria-hidden="true">{letter(organization.name.as_str())}</span> }.into_any(),
    }
}

fn letter(name: &str) -> String {
    name.chars().take(1).collect()
}

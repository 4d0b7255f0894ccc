//! The one primary button of a form.

use leptos::prelude::*;

/// The button that sends the form around it.
#[component]
pub fn Submit(#[prop(into)] label: String) -> impl IntoView {
    view! { <button type="submit" class="button button-primary button-wide">{label}</button> }
}

//! The one primary button of a form.

use leptos::prelude::*;

use crate::text::t;

/// A button that says what is happening while it happens, and cannot be pressed twice.
#[component]
pub fn Submit(#[prop(into)] label: String, pending: Signal<bool>) -> impl IntoView {
    // aria-disabled instead of disabled: the focus stays where it is.
    view! {
        <button
            type="submit" class="button button-primary button-wide"
            aria-busy=move || pending.get().then_some("true")
            aria-disabled=move || pending.get().then_some("true")
            on:click=move |event| if pending.get_untracked() { event.prevent_default() }
        >{label}</button>
        <p class="visually-hidden" role="status">{move || pending.get().then(|| t("ui.working"))}</p>
    }
}

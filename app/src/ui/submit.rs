//! The one primary button of a form.

use leptos::prelude::*;

use super::form::Sending;
use crate::text::t;

/// A button that says what is happening while it happens.
#[component]
pub fn Submit(#[prop(into)] label: String) -> impl IntoView {
    let sending = use_context::<Sending>().map(|Sending(sending)| sending);
    let is_sending = Signal::derive(move || sending.is_some_and(|sending| sending.get()));
    let working = t("ui.working");
    // aria-disabled instead of disabled: the focus stays where it is.
    view! {
        <button
            type="submit"
            class="button button-primary button-wide"
            aria-busy=move || is_sending.get().then_some("true")
            aria-disabled=move || is_sending.get().then_some("true")
        >
            {label}
        </button>
        <p class="visually-hidden" role="status">{move || is_sending.get().then(|| working.clone())}</p>
    }
}

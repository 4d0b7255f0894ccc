//! Copying what a page shows, by one press. Without a script the text is selected by hand.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::browser;

/// Copies the text of the element with the id `of`, which is read from the page when the button is pressed:
/// it may be a secret. `copied` and `failed` are what is said then.
#[island]
pub fn CopyButton(
    #[prop(into)] of: String,
    #[prop(into)] label: String,
    #[prop(into)] copied: String,
    #[prop(into)] failed: String,
) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let copy = move |_: MouseEvent| {
        let (of, copied, failed) = (of.clone(), copied.clone(), failed.clone());
        leptos::task::spawn_local(async move {
            said.set(if browser::copy_text_of(&of).await { copied } else { failed });
        });
    };
    view! {
        <span class="copy">
            <button type="button" class="button button-secondary button-small" on:click=copy>{label}</button>
            <span role="status">{move || said.get()}</span>
        </span>
    }
}

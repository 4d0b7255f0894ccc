//! The form of every page: a plain post that the browser itself sends. Scripts only make it more
//! comfortable: a check before sending, one submission however often the button is pressed.
//!
//! A real navigation is also what password managers wait for before they offer to save.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use std::time::Duration;

/// After this a form may be sent again: the answer did not come.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether the form around is being sent; for its button.
#[derive(Clone, Copy)]
pub struct Sending(pub RwSignal<bool>);

/// A form that posts to `action`. `check` may prevent the event.
#[component]
pub fn PostForm(
    action: &'static str,
    #[prop(optional)] check: Option<Callback<SubmitEvent>>,
    #[prop(default = "form")] class: &'static str,
    children: Children,
) -> impl IntoView {
    let sending = RwSignal::new(false);
    provide_context(Sending(sending));
    let submit = move |event: SubmitEvent| {
        if sending.get_untracked() {
            event.prevent_default();
            return;
        }
        if let Some(check) = check {
            check.run(event.clone());
        }
        if !event.default_prevented() {
            sending.set(true);
            set_timeout(move || sending.set(false), PATIENCE);
        }
    };
    view! { <form method="post" action=action class=class novalidate=true on:submit=submit>{children()}</form> }
}

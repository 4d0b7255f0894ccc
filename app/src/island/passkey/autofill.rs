//! Passkeys among what the browser fills in (conditional mediation; WebAuthn Level 3, 5.1.4): while the sign-in page is
//! open, the field of the address offers them beside the kept passwords.

use js_sys::Date;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::time::Duration;
use web_sys::{AbortController, VisibilityState};

use super::prompt::Prompt;
use super::web_authn::says_yes;
use crate::browser;

/// Milliseconds after which a challenge is replaced: it lives for five minutes, and somebody needs a moment.
const RENEW_AFTER: f64 = 4.0 * 60.0 * 1000.0;
/// How often its age is looked at.
const LOOK: Duration = Duration::from_secs(20);

thread_local! {
    /// What ends the watch of this page, and when it began.
    static WATCH: RefCell<Option<(AbortController, f64)>> = const { RefCell::new(None) };
    /// Whether this browser fills passkeys in.
    static IS_OFFERED: Cell<bool> = const { Cell::new(false) };
}

/// Offers passkeys for as long as the page is open, where the browser can.
pub fn watch(prompt: Prompt) {
    leptos::task::spawn_local(async move {
        if !says_yes("isConditionalMediationAvailable").await {
            return;
        }
        IS_OFFERED.set(true);
        // The button may have been pressed while the browser thought about it: its prompt is the one.
        if !prompt.is_busy() {
            begin(prompt.clone());
        }
        let seen = prompt.clone();
        set_interval(move || keep_young(&prompt), LOOK);
        browser::when_seen_again(move || keep_young(&seen));
        // A page that is left asks for nothing any more; one that is come back to begins anew.
        let _ = window_event_listener_untyped("pagehide", |_| stop());
    });
}

/// Goes on after the button was pressed for nothing. Not in a browser that fills nothing in: it would show a prompt, or
/// answer one, that nobody asked for.
pub fn resume(prompt: Prompt) {
    if IS_OFFERED.get() {
        begin(prompt);
    }
}

/// Begins, with a challenge of its own. The watch before ends.
fn begin(prompt: Prompt) {
    stop();
    let Ok(controller) = AbortController::new() else { return };
    let signal = controller.signal();
    WATCH.set(Some((controller, Date::now())));
    leptos::task::spawn_local(async move {
        // Whatever else happens, nobody asked for it: it is not spoken of.
        if let Ok(answer) = prompt.perform(&[], Some(&signal)).await
            && !signal.aborted()
        {
            prompt.send(&[], &answer);
        }
    });
}

/// Ends the watch: two prompts at once are refused.
pub fn stop() {
    if let Some((controller, _)) = WATCH.take() {
        controller.abort();
    }
}

/// Replaces a challenge that grew old. Not of a page that nobody sees: it would ask all night.
fn keep_young(prompt: &Prompt) {
    let is_young =
        WATCH.with_borrow(|watch| watch.as_ref().is_some_and(|(_, began)| Date::now() - began < RENEW_AFTER));
    if !is_young && !prompt.is_busy() && document().visibility_state() == VisibilityState::Visible {
        begin(prompt.clone());
    }
}

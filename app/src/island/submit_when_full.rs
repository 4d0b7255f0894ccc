//! Sending a form as soon as its code is whole. The button stays: for other ways to type, and without a script.

use leptos::prelude::*;

use crate::browser;

/// Sends the form around the field with the id `of` as soon as it holds so many digits, once: a code that was refused
/// is corrected in peace.
#[island]
pub fn SubmitWhenFull(#[prop(into)] of: String, digits: usize) -> impl IntoView {
    Effect::new(move |_| browser::submit_when_full(&of, digits));
}

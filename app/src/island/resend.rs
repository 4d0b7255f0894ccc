//! "Send again", counting down while it is too soon.

use leptos::prelude::*;
use std::time::Duration;

use super::form::FormBody;
use crate::error::AppError;

/// A button that posts to `action`. The server renders it ready to be pressed: where no script
/// counts, a press that comes too soon is refused in words. `later` is its label while it waits,
/// with a place for the seconds; `fields` are sent along.
#[island]
pub fn Resend(
    #[prop(into)] action: String,
    #[prop(optional_no_strip)] refusal: Option<AppError>,
    resend_in: u32,
    now: String,
    later: String,
    #[prop(optional)] fields: Option<Vec<(String, String)>>,
) -> impl IntoView {
    let left = RwSignal::new(0_u32);
    Effect::new(move |_| {
        left.set(resend_in);
        if let Ok(timer) =
            set_interval_with_handle(move || left.update(|left| *left = left.saturating_sub(1)), Duration::from_secs(1))
        {
            on_cleanup(move || timer.clear());
        }
    });
    let label = move || match left.get() {
        0 => now.clone(),
        seconds => later.replace("%{seconds}", &seconds.to_string()),
    };
    let hidden = fields
        .unwrap_or_default()
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    let hidden = hidden.collect_view();
    // aria-disabled instead of disabled: it can be found, and says when.
    view! {
        <FormBody action refusal too_early=Signal::derive(move || left.get() > 0) class=String::new()>
            {hidden}
            <button
                type="submit" class="button button-secondary"
                aria-disabled=move || (left.get() > 0).then_some("true")
            >{label}</button>
        </FormBody>
    }
}

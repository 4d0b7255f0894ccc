//! Going on by itself when the address was proved in another tab or on another device.

use leptos::prelude::*;
use std::time::Duration;

use crate::browser;
use crate::error::AppError;

/// How often the waiting page asks.
const POLL: Duration = Duration::from_secs(2);

/// Whether the sign-up of this browser was proved, here or elsewhere.
///
/// # Errors
/// Only a fault on our side.
#[server(prefix = "/rpc", endpoint = "is_verified")]
pub async fn is_verified() -> Result<bool, AppError> {
    Ok(matches!(crate::page::sign_up_status().await, auth::view::SignUpStatus::Verified { .. }))
}

/// Leads to `next` as soon as the address is proved.
#[island]
pub fn WaitForProof(next: String) -> impl IntoView {
    Effect::new(move |_| {
        let next = next.clone();
        let ask = move || {
            let next = next.clone();
            leptos::task::spawn_local(async move {
                if let Ok(true) = is_verified().await {
                    browser::go(&next);
                }
            });
        };
        if let Ok(timer) = set_interval_with_handle(ask, POLL) {
            on_cleanup(move || timer.clear());
        }
    });
}

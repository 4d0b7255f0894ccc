//! What the keeper of somebody's passkeys is told, so that it offers none that are gone (WebAuthn Level 3, 5.1.10).

use leptos::prelude::*;

/// Tells it once the page listens: the name of each signal and its details in JSON.
#[island]
pub fn PasskeySignals(signals: Vec<(String, String)>) -> impl IntoView {
    Effect::new(move |_| tell(&signals));
}

#[cfg(feature = "hydrate")]
fn tell(signals: &[(String, String)]) {
    let signals = signals.to_vec();
    leptos::task::spawn_local(async move {
        for (name, details) in signals {
            super::web_authn::signal(&name, &details).await;
        }
    });
}

#[cfg(not(feature = "hydrate"))]
fn tell(_signals: &[(String, String)]) {}

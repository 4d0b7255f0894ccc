//! Showing something only on a device that unlocks by fingerprint, face or PIN and can keep a passkey.

use leptos::prelude::*;

/// Shows its content there, and nowhere else: not without a script, and not before the device was asked.
#[island]
pub fn WherePasskeysFit(children: Children) -> impl IntoView {
    let fits = RwSignal::new(false);
    Effect::new(move |_| ask(fits));
    view! { <div hidden=move || !fits.get()>{children()}</div> }
}

#[cfg(feature = "hydrate")]
fn ask(fits: RwSignal<bool>) {
    leptos::task::spawn_local(async move {
        fits.set(super::web_authn::says_yes("isUserVerifyingPlatformAuthenticatorAvailable").await);
    });
}

#[cfg(not(feature = "hydrate"))]
fn ask(_fits: RwSignal<bool>) {}

//! The browser's own question whether to sign in with a provider (W3C Federated Credential Management), where it knows
//! how to ask it. It is in nobody's way: where the browser cannot ask, or somebody closes the question, nothing is
//! said, and the links to providers are there.

#[cfg(feature = "hydrate")]
mod browser_question;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// What a question to a browser needs, made for it alone.
#[derive(Clone, Serialize, Deserialize)]
pub struct FedCmChallenge {
    /// Comes back in the ID token.
    pub nonce: String,
    /// Comes back with the form.
    pub state: String,
}

/// Which provider the browser asks.
#[derive(Clone, Serialize, Deserialize)]
pub struct WantedFedCm {
    /// Its name in addresses.
    pub provider: String,
    /// Its file for browsers.
    pub config_url: String,
    /// Who we are there.
    pub client_id: String,
    /// The id of the form that is sent with the answer.
    pub form: String,
    /// Whether to ask at all. Right after a sign-out nobody is signed in again by themselves.
    pub asks: bool,
}

/// Begins a way for a browser that asks by itself.
///
/// # Errors
/// The provider does not exist, or browsers cannot ask it.
#[server(prefix = "/rpc", endpoint = "start_fedcm")]
pub async fn start_fedcm(#[server(default)] provider: String) -> Result<FedCmChallenge, AppError> {
    use auth::{ErrorCode, ProviderId, flow};
    use secrecy::ExposeSecret;

    use crate::server;

    let provider = ProviderId::parse(&provider).ok_or(ErrorCode::NotFound)?;
    let started = flow::start_fedcm(&server::auth(), &provider, server::federation_cookie()).await?;
    server::keep_federation_cookie(&started.browser);
    Ok(FedCmChallenge { nonce: started.nonce, state: started.state.expose_secret().to_owned() })
}

/// Asks once the page listens, and sends the form with the answer.
#[island]
pub fn FedCmPrompt(wanted: WantedFedCm) -> impl IntoView {
    Effect::new(move |_| ask(&wanted));
}

#[cfg(feature = "hydrate")]
fn ask(wanted: &WantedFedCm) {
    browser_question::ask(wanted.clone());
}

#[cfg(not(feature = "hydrate"))]
fn ask(_wanted: &WantedFedCm) {}

//! Signing in where the browser itself asks the provider (W3C Federated Credential Management): it shows its own
//! question on our page and hands over an ID token. There is no code and no PKCE. What was asked for here is proved by
//! the nonce in the token; that it was asked for in this browser, by the state and the browser's cookie, as on every
//! other way.

use secrecy::{ExposeSecret, SecretString};

use super::admit::{Federated, admit};
use super::start_federation::WAYS_AT_ONCE;
use crate::crypto::{Purpose, token_digest};
use crate::federation::{FlowPayload, Provider};
use crate::store::NewFederationFlow;
use crate::{Auth, Context, ErrorCode, ProviderId, Result};

/// The purpose of its rows.
const FEDCM: &str = "fedcm";

/// What the browser is given before it asks.
pub struct FedCmStarted {
    /// Must come back in the ID token.
    pub nonce: String,
    /// Must come back beside it.
    pub state: SecretString,
    /// For the cookie of the browser.
    pub browser: SecretString,
}

/// Begins a way for a browser that asks by itself, for ten minutes. `browser` is its cookie, if it has one.
///
/// # Errors
/// [`ErrorCode::NotFound`] where the provider does not exist or browsers cannot ask it.
pub async fn start_fedcm(auth: &Auth, id: &ProviderId, browser: Option<SecretString>) -> Result<FedCmStarted> {
    asked_by_browsers(auth, id)?;
    auth.limits.federation_start_at_hand().await?;
    let (nonce, state) = (auth.random.token().expose_secret().to_owned(), auth.random.token());
    let browser = browser.unwrap_or_else(|| auth.random.token());
    let digest = token_digest(Purpose::FederationState, &state);
    let payload = FlowPayload {
        nonce: nonce.clone(),
        pkce_verifier: String::new(),
        issuer: String::new(),
        next: String::new(),
        native: None,
    };
    let (payload_sealed, now) = (payload.seal(auth, &digest)?, auth.now());
    let browser_digest = token_digest(Purpose::FederationBrowser, &browser);
    let flow = NewFederationFlow {
        digest: &digest,
        browser_digest: &browser_digest,
        provider: id,
        purpose: FEDCM,
        session_id: "",
        payload_sealed: &payload_sealed,
        created_at: now,
        expires_at: now.plus_seconds(auth.lifetimes.federation_flow),
    };
    let mut tx = auth.store.begin().await?;
    tx.keep_newest_federation_flows(&browser_digest, WAYS_AT_ONCE - 1).await?;
    tx.insert_federation_flow(flow).await?;
    tx.commit().await?;
    Ok(FedCmStarted { nonce, state, browser })
}

/// Verifies the ID token that the browser was given and goes on as after every other way to a provider.
///
/// # Errors
/// [`ErrorCode::FederationExpired`] when it was not begun in this browser, for this provider, in the last ten minutes,
/// or was used; what the provider's answer is refused with; what an account is refused with.
pub async fn finish_fedcm(
    auth: &Auth,
    id: &ProviderId,
    (token, state): (&SecretString, &SecretString),
    browser: Option<&SecretString>,
    trusted: Option<&SecretString>,
    context: &Context,
) -> Result<Federated> {
    let provider = asked_by_browsers(auth, id)?;
    let browser = browser.ok_or(ErrorCode::FederationExpired)?;
    let digest = token_digest(Purpose::FederationState, state);
    let browser_digest = token_digest(Purpose::FederationBrowser, browser);
    let mut tx = auth.store.begin().await?;
    let taken = tx.take_federation_flow(&digest, &browser_digest, id, auth.now()).await?;
    // The state of a way through redirects opens nothing here, and stays good there.
    let Some(flow) = taken.filter(|flow| flow.purpose == FEDCM) else {
        tx.rollback().await?;
        return Err(ErrorCode::FederationExpired.into());
    };
    tx.commit().await?;
    let FlowPayload { nonce, .. } = FlowPayload::open(auth, &digest, &flow.payload_sealed)?;
    let identity = provider.identify_by_token(token, &nonce, auth.now()).await?;
    admit(auth, identity, trusted, context).await
}

fn asked_by_browsers<'a>(auth: &'a Auth, id: &ProviderId) -> Result<&'a Provider> {
    let provider = auth.providers.get(id).filter(|provider| provider.settings().fedcm_config_url.is_some());
    Ok(provider.ok_or(ErrorCode::NotFound)?)
}

//! The way to a provider begins (OpenID Connect Core 1.0, 3.1.2.1; RFC 7636; RFC 9700, 2.1): a `state`, a nonce and a
//! PKCE verifier of its own, kept here and bound to the browser by a cookie. Two ways in two tabs are two rows.

use secrecy::{ExposeSecret, SecretString};

use super::reauthenticate::require_fresh_proof;
use crate::crypto::{Purpose, token_digest};
use crate::federation::{AuthorizationRequest, FlowPayload, Prompt};
use crate::session::Caller;
use crate::store::NewFederationFlow;
use crate::{Auth, Context, ErrorCode, LocalPath, ProviderId, Result};

/// The purpose of a way that signs in or up.
pub(super) const SIGN_IN: &str = "sign_in";
/// The purpose of a way that connects an account.
pub(super) const CONNECT: &str = "connect";
/// The purpose of a way that a native app began.
pub(super) const NATIVE: &str = "native";

/// Ways of one browser at once, of all its tabs; an older one makes room.
pub(super) const WAYS_AT_ONCE: i64 = 20;
/// The length of a token as it is made here.
const TOKEN_LENGTH: usize = 43;

/// A way to a provider, to be begun.
pub struct StartFederation {
    /// Which one.
    pub provider: ProviderId,
    /// Where to go on afterwards.
    pub next: LocalPath,
    /// The cookie that this browser has already.
    pub browser: Option<SecretString>,
    /// What the provider is to ask in any case.
    pub prompt: Prompt,
}

/// A way that was begun.
pub struct FederationStarted {
    /// Where the browser goes.
    pub url: String,
    /// For the cookie of this browser: the one it has, or a new one.
    pub browser: SecretString,
}

/// Begins a way that signs in or up.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a provider that is not offered; [`ErrorCode::ProviderUnavailable`] or
/// [`ErrorCode::ProviderAnswerInvalid`] when it cannot be asked where it is.
pub async fn start_federation(auth: &Auth, start: StartFederation, context: &Context) -> Result<FederationStarted> {
    begin(auth, start, (SIGN_IN, ""), context).await
}

/// Begins a way that connects an account of the provider with that of the caller. Asks for a fresh proof.
///
/// # Errors
/// [`ErrorCode::SignedOut`], [`ErrorCode::ReauthenticationRequired`], and as [`start_federation`].
pub async fn start_connection(
    auth: &Auth,
    caller: &Caller,
    start: StartFederation,
    context: &Context,
) -> Result<FederationStarted> {
    let session = require_fresh_proof(auth, caller).await?;
    begin(auth, start, (CONNECT, session.id.as_str()), context).await
}

/// Where a provider leads back to: an address of its own, so that no answer is taken for that of another provider
/// (RFC 9700, 4.4).
pub(super) fn callback_address(auth: &Auth, provider: &ProviderId) -> String {
    format!("{}/sign-in/with/{provider}/callback", auth.public_url)
}

/// The cookie that a browser has, if it is one of ours by its length, or a new one.
pub(super) fn browser_cookie(auth: &Auth, known: Option<SecretString>) -> SecretString {
    let kept = known.filter(|cookie| cookie.expose_secret().len() == TOKEN_LENGTH);
    kept.unwrap_or_else(|| auth.random.token())
}

async fn begin(
    auth: &Auth,
    start: StartFederation,
    (purpose, session_id): (&str, &str),
    context: &Context,
) -> Result<FederationStarted> {
    let provider = auth.providers.get(&start.provider).ok_or(ErrorCode::NotFound)?;
    auth.limits.federation_start(&context.address).await?;
    let (state, nonce, pkce_verifier) = (auth.random.token(), auth.random.token(), auth.random.token());
    let redirect_uri = callback_address(auth, &start.provider);
    let request = AuthorizationRequest {
        prompt: start.prompt,
        redirect_uri: &redirect_uri,
        state: &state,
        nonce: nonce.expose_secret(),
        pkce_verifier: &pkce_verifier,
        locale: context.locale,
        login_hint: None,
    };
    // It may have to be asked where it is: nothing of this stands in a transaction.
    let authorization = provider.authorize(&request, auth.now()).await?;

    let browser = browser_cookie(auth, start.browser);
    let digest = token_digest(Purpose::FederationState, &state);
    let payload = FlowPayload {
        nonce: nonce.expose_secret().to_owned(),
        pkce_verifier: pkce_verifier.expose_secret().to_owned(),
        issuer: authorization.issuer,
        next: start.next.as_str().to_owned(),
        native: None,
    };
    let payload_sealed = payload.seal(auth, &digest)?;
    let now = auth.now();
    let browser_digest = token_digest(Purpose::FederationBrowser, &browser);
    let mut tx = auth.store.begin().await?;
    tx.keep_newest_federation_flows(&browser_digest, WAYS_AT_ONCE - 1).await?;
    tx.insert_federation_flow(NewFederationFlow {
        digest: &digest,
        browser_digest: &browser_digest,
        provider: &start.provider,
        purpose,
        session_id,
        payload_sealed: &payload_sealed,
        created_at: now,
        expires_at: now.plus_seconds(auth.lifetimes.federation_flow),
    })
    .await?;
    tx.commit().await?;
    Ok(FederationStarted { url: authorization.url, browser })
}

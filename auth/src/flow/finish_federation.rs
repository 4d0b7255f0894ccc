//! The way to a provider ends (OpenID Connect Core 1.0, 3.1.2.5; RFC 9207). The row of its `state` is taken first, in a
//! transaction of its own: whatever comes afterwards, a code is tried once. Then the provider is asked, and only then
//! something changes here.

use secrecy::SecretString;

use super::admit::{Federated, admit};
use super::link_identity::link_identity;
use super::native_arrival::ask;
use super::start_federation::{CONNECT, NATIVE, SIGN_IN, callback_address};
use crate::crypto::{Purpose, token_digest};
use crate::federation::{Began, FlowPayload, Identity, Provider};
use crate::session::Caller;
use crate::store::SessionRow;
use crate::{Auth, Context, Error, ErrorCode, LocalPath, ProviderId, Refusal, Result};

/// Longest word of a provider that is logged.
const MAX_LOGGED: usize = 64;

/// What comes back from a provider by the browser, as it is.
pub struct FederationAnswer {
    /// To whose address it came.
    pub provider: ProviderId,
    /// The `state`.
    pub state: Option<SecretString>,
    /// The code to redeem.
    pub code: Option<SecretString>,
    /// Who answers (RFC 9207).
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
    /// The cookie of the browser.
    pub browser: Option<SecretString>,
}

/// A way that ended well.
pub struct FederationFinished {
    /// In what.
    pub outcome: Federated,
    /// Where to go on.
    pub next: LocalPath,
}

/// A way that led nowhere.
pub struct FederationRefused {
    /// Why.
    pub refusal: Error,
    /// Whether it was to connect an account.
    pub is_connect: bool,
    /// Where the browser goes, when a native app waits.
    pub native: Option<String>,
}

/// A way whose row was taken.
struct Way {
    purpose: String,
    session_id: String,
    payload: FlowPayload,
    next: LocalPath,
}

/// Takes the way, asks the provider who it is, and lets in, connects, or asks for what is missing. `caller` is the
/// session of the browser; `trusted` is the cookie of a device in which no second factor is asked for.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a provider that is not offered; [`ErrorCode::FederationExpired`] for a way of another
/// browser or provider, and for one that is used, over or invented: then nothing is consumed.
/// [`ErrorCode::ProviderRefused`], [`ErrorCode::ProviderUnavailable`], [`ErrorCode::ProviderAnswerInvalid`];
/// [`ErrorCode::AccountClosed`]; [`ErrorCode::ChangedMeanwhile`]. To connect an account: [`ErrorCode::SignedOut`],
/// [`ErrorCode::ReauthenticationRequired`], [`ErrorCode::ConnectionTaken`].
pub async fn finish_federation(
    auth: &Auth,
    answer: FederationAnswer,
    caller: Option<&Caller>,
    trusted: Option<&SecretString>,
    context: &Context,
) -> std::result::Result<FederationFinished, FederationRefused> {
    let way = match take(auth, &answer).await {
        Ok(way) => way,
        Err(refusal) => return Err(FederationRefused { refusal, is_connect: false, native: None }),
    };
    match go_on(auth, &way, &answer, caller, trusted, context).await {
        Ok(outcome) => Ok(FederationFinished { outcome, next: way.next }),
        Err(refusal) => {
            let code = refusal.refusal().code;
            let native = way.payload.native.as_ref().map(|goal| goal.refused(&auth.public_url, code));
            Err(FederationRefused { refusal, is_connect: way.purpose == CONNECT, native })
        }
    }
}

/// Takes the row of the `state`, once, in the browser that began it.
async fn take(auth: &Auth, answer: &FederationAnswer) -> Result<Way> {
    auth.providers.get(&answer.provider).ok_or(ErrorCode::NotFound)?;
    let state = answer.state.as_ref().ok_or(ErrorCode::FederationExpired)?;
    let (digest, now) = (token_digest(Purpose::FederationState, state), auth.now());
    let browser = answer.browser.as_ref().map(|cookie| token_digest(Purpose::FederationBrowser, cookie));
    let mut tx = auth.store.begin().await?;
    let mut row = None;
    if let Some(browser) = browser {
        row = tx.take_federation_flow(&digest, &browser, &answer.provider, now).await?;
    }
    if row.is_none() {
        // A native app's was begun in no browser: its own PKCE binds it.
        row = tx.take_federation_flow(&digest, "", &answer.provider, now).await?;
    }
    let Some(row) = row.filter(|row| [SIGN_IN, CONNECT, NATIVE].contains(&&*row.purpose)) else {
        tx.rollback().await?;
        return Err(ErrorCode::FederationExpired.into());
    };
    tx.commit().await?;
    let payload = FlowPayload::open(auth, &digest, &row.payload_sealed)?;
    let next = LocalPath::parse(&payload.next).or_else(|| LocalPath::parse("/")).ok_or(ErrorCode::FederationExpired)?;
    Ok(Way { purpose: row.purpose, session_id: row.session_id, payload, next })
}

async fn go_on(
    auth: &Auth,
    way: &Way,
    answer: &FederationAnswer,
    caller: Option<&Caller>,
    trusted: Option<&SecretString>,
    context: &Context,
) -> Result<Federated> {
    let provider = auth.providers.get(&answer.provider).ok_or(ErrorCode::NotFound)?;
    if way.purpose == CONNECT {
        // Before anybody is asked: a session that is over connects nothing.
        let (caller, session) = connecting(auth, way, caller).await?;
        let identity = identify(auth, provider, way, answer).await?;
        link_identity(auth, (caller, &session), &identity, None, context).await?;
        return Ok(Federated::Connected);
    }
    let identity = identify(auth, provider, way, answer).await?;
    match &way.payload.native {
        Some(native) => Ok(Federated::Native(ask(auth, native, &identity, answer.browser.as_ref()).await?)),
        None => admit(auth, identity, trusted, context).await,
    }
}

/// The session that began to connect: the same one, still live.
async fn connecting<'a>(auth: &Auth, way: &Way, caller: Option<&'a Caller>) -> Result<(&'a Caller, SessionRow)> {
    let caller = caller.ok_or(ErrorCode::SignedOut)?;
    if caller.session_id.as_str() != way.session_id {
        // Somebody signed out and in meanwhile: whoever it is, they did not ask for this.
        return Err(ErrorCode::FederationExpired.into());
    }
    Ok((caller, auth.session_of(caller).await?))
}

/// Who the provider says it is.
async fn identify(auth: &Auth, provider: &Provider, way: &Way, answer: &FederationAnswer) -> Result<Identity> {
    if let Some(error) = &answer.error {
        return Err(said_no(&answer.provider, error).into());
    }
    let code = answer.code.as_ref().ok_or(ErrorCode::ProviderAnswerInvalid)?;
    let redirect_uri = callback_address(auth, &answer.provider);
    let pkce_verifier = SecretString::from(way.payload.pkce_verifier.as_str());
    let began = Began {
        redirect_uri: &redirect_uri,
        nonce: &way.payload.nonce,
        pkce_verifier: &pkce_verifier,
        issuer: &way.payload.issuer,
        callback_iss: answer.iss.as_deref(),
    };
    Ok(provider.identify(code, &began, auth.now()).await?)
}

/// What an `error` means (RFC 6749, 4.1.2.1). Its words are the provider's, or anybody's: they go to the log, in part.
fn said_no(provider: &ProviderId, error: &str) -> Refusal {
    let word: String = error.chars().take(MAX_LOGGED).collect();
    tracing::info!(provider = provider.as_str(), error = ?word, "a provider said no");
    match error {
        "temporarily_unavailable" | "server_error" => Refusal::retry_after(ErrorCode::ProviderUnavailable, 30),
        _ => ErrorCode::ProviderRefused.into(),
    }
}

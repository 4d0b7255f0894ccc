//! Signing in with a provider from a native app (RFC 8252): the app opens the browser, the browser comes back to the
//! app with a code, and the app redeems the code with a verifier that never left it (PKCE, RFC 7636).
//!
//! Two proofs lie inside each other. Ours to the provider is that of every way there. That of the app to us binds the
//! code to who began: whoever else catches it on the way back, as another app of the same scheme, has no verifier. It
//! does not say that who began is wanted: about that the person is asked before the code is made (`native_arrival.rs`).

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::admit::{Federated, admit};
use super::gate::Entered;
use super::start_federation::{NATIVE, callback_address};
use crate::crypto::{Purpose, token_digest};
use crate::federation::{
    AuthorizationRequest, FlowPayload, Identity, NativeGoal, Prompt, open_identity, seal_identity,
};
use crate::store::{NewFederationCode, NewFederationFlow};
use crate::{Auth, Context, ErrorCode, EventKind, Field, FieldIssue, ProviderId, Refusal, Result};

/// How long a code lives (RFC 9700, 4.5: a code is for the moment): 60 seconds.
const CODE_SECONDS: i64 = 60;
/// About so many ways of all apps may be begun at once; the oldest make room. Whoever begins is unknown, and no table
/// grows for ever by that.
const MOST_WAYS: i64 = 20_000;
/// One in so many ways sweeps: the digest begins with one of 64 characters.
const SWEEPS: char = 'A';
/// Lengths of a verifier (RFC 7636, 4.1).
const VERIFIER_LENGTHS: std::ops::RangeInclusive<usize> = 43..=128;

/// What an app begins with.
pub struct NativeStart {
    /// The provider.
    pub provider: ProviderId,
    /// Where the browser goes in the end.
    pub redirect_uri: String,
    /// SHA-256 of the app's verifier: 43 characters of base64url.
    pub code_challenge: String,
    /// What the app wants to see again.
    pub state: Option<String>,
}

/// A way that was begun.
pub struct NativeStarted {
    /// What the app opens in the browser.
    pub url: String,
    /// Seconds until the way ends.
    pub expires_in: i64,
}

/// Begins a way to a provider for an app.
///
/// # Errors
/// [`ErrorCode::NotFound`] when there is no such provider, [`ErrorCode::InvalidFields`] when no app may be sent to the
/// address, and what a provider that cannot be asked leads to.
pub async fn start_native_federation(auth: &Auth, start: NativeStart, context: &Context) -> Result<NativeStarted> {
    let provider = auth.providers().get(&start.provider).ok_or(ErrorCode::NotFound)?;
    if !auth.providers().native_redirects().allow(&start.redirect_uri) {
        return Err(Refusal::invalid(vec![(Field::RedirectUri, FieldIssue::Unknown)]).into());
    }
    auth.limits.federation_start(&context.address).await?;
    let redirect_uri = callback_address(auth, &start.provider);
    let (state, nonce, pkce_verifier) = (auth.random.token(), auth.random.token(), auth.random.token());
    let request = AuthorizationRequest {
        prompt: Prompt::Nothing,
        redirect_uri: &redirect_uri,
        state: &state,
        nonce: nonce.expose_secret(),
        pkce_verifier: &pkce_verifier,
        locale: context.locale,
        login_hint: None,
    };
    let authorization = provider.authorize(&request, auth.now()).await?;
    let digest = token_digest(Purpose::FederationState, &state);
    let payload = FlowPayload {
        nonce: nonce.expose_secret().to_owned(),
        pkce_verifier: pkce_verifier.expose_secret().to_owned(),
        issuer: authorization.issuer,
        next: String::new(),
        native: Some(NativeGoal {
            redirect_uri: start.redirect_uri,
            state: start.state,
            code_challenge: start.code_challenge,
        }),
    };
    let payload_sealed = payload.seal(auth, &digest)?;
    let (now, expires_in) = (auth.now(), auth.lifetimes.federation_flow);
    let mut tx = auth.store.begin().await?;
    tx.insert_federation_flow(NewFederationFlow {
        digest: &digest,
        // No browser is known here: the app's own proof takes its place.
        browser_digest: "",
        provider: &start.provider,
        purpose: NATIVE,
        session_id: "",
        payload_sealed: &payload_sealed,
        created_at: now,
        expires_at: now.plus_seconds(expires_in),
    })
    .await?;
    tx.commit().await?;
    if digest.starts_with(SWEEPS) {
        auth.store.sweep_native_flows(MOST_WAYS).await?;
    }
    Ok(NativeStarted { url: authorization.url, expires_in })
}

/// Makes a code for whom the provider told of, when they agreed; gives where the browser goes with it. Nobody is let in
/// by it yet.
pub(super) async fn native_code(auth: &Auth, native: &NativeGoal, identity: &Identity) -> Result<String> {
    let code = auth.random.token();
    let digest = token_digest(Purpose::FederationCode, &code);
    let identity_sealed = seal_identity(auth, &place(&digest), identity)?;
    let kept = NewFederationCode {
        digest: &digest,
        code_challenge: &native.code_challenge,
        provider: &identity.provider,
        identity_sealed: &identity_sealed,
        expires_at: auth.now().plus_seconds(CODE_SECONDS),
    };
    auth.store.insert_federation_code(kept).await?;
    Ok(way_back(auth, native, &code))
}

/// Redeems a code, and goes on as every way from a provider does: through the gate, or to what is missing. Whoever
/// asks, the code is gone: one that met a wrong verifier is in wrong hands (RFC 9700, 4.5). A second use with the right
/// verifier ends the session that the first one made (ASVS 5.0, 10.4.2; RFC 6749, 4.1.2).
///
/// # Errors
/// [`ErrorCode::InvalidFields`] without a verifier; [`ErrorCode::FederationExpired`] when the code is unknown, used,
/// too old, or of another verifier, which is not told apart; [`ErrorCode::AccountClosed`].
pub async fn finish_native_federation(
    auth: &Auth,
    code: &SecretString,
    verifier: &SecretString,
    trusted: Option<&SecretString>,
    context: &Context,
) -> Result<Federated> {
    let digest = token_digest(Purpose::FederationCode, code);
    let kept = auth.store.take_federation_code(&digest).await?;
    if verifier.expose_secret().is_empty() {
        return Err(Refusal::invalid(vec![(Field::CodeVerifier, FieldIssue::Required)]).into());
    }
    let Some(kept) = kept else {
        end_what_it_made(auth, &digest, verifier, context).await?;
        return Err(ErrorCode::FederationExpired.into());
    };
    if kept.expires_at <= auth.now() || !answers(verifier, &kept.code_challenge) {
        return Err(ErrorCode::FederationExpired.into());
    }
    let identity = open_identity(auth, &place(&digest), &kept.identity_sealed)?;
    let federated = admit(auth, identity, trusted, context).await?;
    if let Federated::Entered(Entered::SignedIn(signed_in)) = &federated {
        let token = token_digest(Purpose::RefreshToken, &signed_in.refresh_token);
        auth.store.note_used_federation_code(&digest, &kept.code_challenge, &token, auth.now()).await?;
    }
    Ok(federated)
}

/// Ends the session that a code made, now that it is used once more. Whoever has the code alone ends nothing.
async fn end_what_it_made(auth: &Auth, digest: &str, verifier: &SecretString, context: &Context) -> Result<()> {
    let used = auth.store.used_federation_code(digest).await?;
    let Some(used) = used.filter(|used| answers(verifier, &used.code_challenge)) else { return Ok(()) };
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if tx.end_session(&used.session_id, "code_reuse", now).await? {
        let subject = (Some(&used.user_id), Some(&used.session_id));
        auth.audit(&mut tx, EventKind::SessionCodeReused, subject, context).await?;
    }
    tx.commit().await?;
    auth.revocations.insert(used.session_id, now);
    Ok(())
}

/// Whether a challenge was made of a verifier (RFC 7636, 4.6).
fn answers(verifier: &SecretString, challenge: &str) -> bool {
    let verifier = verifier.expose_secret();
    VERIFIER_LENGTHS.contains(&verifier.len())
        && BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == challenge
}

/// The place an identity is sealed for.
fn place(digest: &str) -> String {
    format!("federation_codes.identity_sealed.{digest}")
}

/// The app's address with the code, its own state and who answers (RFC 9207). The address is sent as it was given.
fn way_back(auth: &Auth, native: &NativeGoal, code: &SecretString) -> String {
    let mut answer = form_urlencoded::Serializer::new(String::new());
    answer.append_pair("code", code.expose_secret());
    if let Some(state) = &native.state {
        answer.append_pair("state", state);
    }
    answer.append_pair("iss", &auth.public_url);
    let joint = if native.redirect_uri.contains('?') { '&' } else { '?' };
    format!("{}{joint}{}", native.redirect_uri, answer.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_answered_by_its_own_verifier_alone() {
        // RFC 7636, appendix B.
        let (verifier, challenge) =
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(answers(&verifier.into(), challenge));
        let padded = format!("{challenge}=");
        for (verifier, challenge) in [
            (&verifier[1..], challenge),
            (challenge, challenge),
            ("", challenge),
            (verifier, ""),
            (verifier, verifier),
            (verifier, &*padded),
        ] {
            assert!(!answers(&verifier.into(), challenge), "{verifier} {challenge}");
        }
        let (short, long) = ("x".repeat(42), "x".repeat(129));
        for verifier in [short, long] {
            let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
            assert!(!answers(&verifier.into(), &challenge), "a length that no verifier has");
        }
    }
}

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
use super::sign_out::sign_out;
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
/// verifier ends the session that the first one made, or the sign-in that waits for its factor (ASVS 5.0, 10.4.2; RFC 6749,
/// 4.1.2). That a code was taken is known before anything is made of it.
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
    let mut tx = auth.store.begin().await?;
    let kept = tx.take_federation_code(&digest, auth.now()).await?;
    tx.commit_unheard().await?;
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
    let Federated::Entered(entered) = &federated else { return Ok(federated) };
    let made = match entered {
        Entered::SignedIn(signed_in) => token_digest(Purpose::RefreshToken, &signed_in.refresh_token),
        Entered::NeedsSecondFactor(pending) => token_digest(Purpose::SecondFactorTicket, &pending.ticket),
    };
    // Used once more since it was taken, or nobody would know what it made: then it made nothing.
    let noted = auth.store.note_used_federation_code(&digest, &made).await;
    if matches!(noted, Ok(true)) {
        return Ok(federated);
    }
    take_back(auth, entered, &made, context).await?;
    noted?;
    Err(ErrorCode::FederationExpired.into())
}

/// Ends what was made and is given to nobody.
async fn take_back(auth: &Auth, entered: &Entered, digest: &str, context: &Context) -> Result<()> {
    if let Entered::SignedIn(signed_in) = entered {
        return sign_out(auth, &signed_in.refresh_token, context).await;
    }
    let mut tx = auth.store.begin().await?;
    tx.kill_pending_sign_in(digest).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends the session that a code made, or the sign-in that waits for its factor, now that it is used once more. Whoever has
/// the code alone ends nothing.
async fn end_what_it_made(auth: &Auth, digest: &str, verifier: &SecretString, context: &Context) -> Result<()> {
    let used = auth.store.used_federation_code(digest).await?;
    if !used.is_some_and(|used| answers(verifier, &used.code_challenge)) {
        return Ok(());
    }
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let Some(used) = tx.reuse_federation_code(digest).await? else { return Ok(tx.rollback().await?) };
    let made = tx.session_of_token(&used.token_digest).await?;
    match &made {
        Some((user, session)) => {
            if tx.end_session(session, "code_reuse", now).await? {
                let subject = (Some(user), Some(session));
                auth.audit(&mut tx, EventKind::SessionCodeReused, subject, context).await?;
            }
        }
        None => tx.kill_pending_sign_in(&used.token_digest).await?,
    }
    tx.commit().await?;
    if let Some((_, session)) = made {
        auth.revocations.insert(session, now);
    }
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

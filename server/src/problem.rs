//! Errors for programs: `application/problem+json` (RFC 9457) with a stable `code`.

use auth::text::{issue_text, text_with};
use auth::{ErrorCode, Locale, Refusal, Scope};
use axum::http::header::{CONTENT_TYPE, InvalidHeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// The body of every refusal.
#[derive(Serialize, ToSchema)]
pub struct Problem {
    /// A name for the kind of problem; the code again, as a URI reference.
    #[serde(rename = "type")]
    kind: String,
    /// The HTTP status.
    status: u16,
    /// The stable code.
    code: String,
    /// What happened and what to do, in the reader's language.
    title: String,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem>,
    /// With `reauthentication_required`: what would prove the person, strongest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["passkey", "totp", "recovery_code"]))]
    methods: Vec<&'static str>,
    /// The passkey that nobody has, at a sign-in with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown_credential: Option<UnknownCredential>,
    /// With `too_many_attempts`: work that spares the wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge: Option<Challenge>,
}

/// Work that spares a wait: a decimal number, so that the SHA-256 of `text`, a dot and the number begins with `bits` zero
/// bits. What was hashed goes into the header `Keywright-Solution` of the next request, within ten minutes and once.
#[derive(Serialize, ToSchema)]
pub struct Challenge {
    /// What to put before the number.
    text: String,
    /// Zero bits.
    #[schema(example = 18)]
    bits: u32,
}

/// A passkey that nobody has: what `PublicKeyCredential.signalUnknownCredential` needs.
#[derive(Serialize, ToSchema)]
pub struct UnknownCredential {
    /// The host that asked for it (`rpId`).
    rp_id: String,
    /// Its id (`credentialId`), in base64url.
    credential_id: String,
}

/// What is wrong with one field.
#[derive(Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field.
    field: &'static str,
    /// The stable code.
    code: &'static str,
    /// What to do, in the reader's language.
    detail: String,
}

/// A refusal on its way to a program. It is carried by every answer, so it is small.
pub struct Refused {
    refusal: Box<Refusal>,
    locale: Locale,
    /// The scope that a personal access token lacks.
    scope: Option<Scope>,
    unknown_credential: Option<UnknownCredential>,
}

impl Refused {
    /// A refusal in the reader's language.
    pub fn new(refusal: impl Into<Refusal>, locale: Locale) -> Self {
        Self { refusal: Box::new(refusal.into()), locale, scope: None, unknown_credential: None }
    }

    /// A good personal access token that was not made for this; one with `scope` would do.
    pub fn insufficient_scope(scope: Scope, locale: Locale) -> Self {
        Self { scope: Some(scope), ..Self::new(ErrorCode::InsufficientScope, locale) }
    }

    /// An answer of a passkey that nobody has, or nobody has any more.
    pub fn unknown_passkey(rp_id: String, credential_id: String, locale: Locale) -> Self {
        let unknown_credential = Some(UnknownCredential { rp_id, credential_id });
        Self { unknown_credential, ..Self::new(ErrorCode::PasskeyRefused, locale) }
    }

    /// An error of a flow; faults of ours are logged and said in general words.
    pub fn from_error(error: &auth::Error, locale: Locale) -> Self {
        if let auth::Error::Internal(cause) = error {
            tracing::error!(error = format!("{cause:#}"), "a request failed");
        }
        Self::new(error.refusal(), locale)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self { refusal, locale, scope, unknown_credential } = self;
        let code = refusal.code;
        let (seconds, minutes) = (refusal.retry_after.unwrap_or(0).to_string(), refusal.minutes().to_string());
        let values = [("seconds", &*seconds), ("minutes", &*minutes)];
        let problem = Problem {
            kind: format!("/problems/{}", code.as_str()),
            status: code.status(),
            code: code.as_str().to_owned(),
            title: text_with(locale, &format!("error.{}", code.as_str()), &values),
            errors: refusal
                .fields
                .iter()
                .map(|(field, issue)| FieldProblem {
                    field: field.as_str(),
                    code: issue.as_str(),
                    detail: issue_text(locale, *issue),
                })
                .collect(),
            unknown_credential,
            methods: refusal.methods.clone(),
            challenge: refusal.challenge.clone().map(|auth::Challenge { text, bits }| Challenge { text, bits }),
        };
        let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(problem)).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(challenge) = challenge(code) {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if let Some(Ok(challenge)) = scope.map(needed) {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        if asks_for_factor(&refusal) {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(STEP_UP));
        }
        if let Some(seconds) = refusal.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// What a program is told about the credential it needs (RFC 6750, 3): with the code when it brought one
/// that is not accepted, without when it brought none.
pub(crate) const fn challenge(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::InvalidToken => Some("Bearer error=\"invalid_token\""),
        ErrorCode::InsufficientScope => Some("Bearer error=\"insufficient_scope\""),
        ErrorCode::SignedOut => Some("Bearer"),
        _ => None,
    }
}

/// A higher level of proof is asked for (RFC 9470, 3).
const STEP_UP: &str = "Bearer error=\"insufficient_user_authentication\", acr_values=\"aal2\"";

/// Whether only a factor would do.
fn asks_for_factor(refusal: &Refusal) -> bool {
    refusal.code == ErrorCode::ReauthenticationRequired && refusal.methods.iter().any(|method| *method != "password")
}

/// The same with the scope that would do (RFC 6750, 3.1).
fn needed(scope: Scope) -> Result<HeaderValue, InvalidHeaderValue> {
    HeaderValue::from_str(&format!("Bearer error=\"insufficient_scope\", scope=\"{}\"", scope.as_str()))
}

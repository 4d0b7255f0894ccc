//! Errors for programs: `application/problem+json` (RFC 9457) with a stable `code`.

use auth::text::{issue_text, text_with};
use auth::{ErrorCode, Locale, Refusal, Scope};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
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

/// A refusal on its way to a program.
pub struct Refused {
    refusal: Refusal,
    locale: Locale,
    /// The scope that a personal access token lacks.
    scope: Option<Scope>,
}

impl Refused {
    /// A refusal in the reader's language.
    pub fn new(refusal: impl Into<Refusal>, locale: Locale) -> Self {
        Self { refusal: refusal.into(), locale, scope: None }
    }

    /// A good personal access token that was not made for this; one with `scope` would do.
    pub fn insufficient_scope(scope: Scope, locale: Locale) -> Self {
        Self { scope: Some(scope), ..Self::new(ErrorCode::InsufficientScope, locale) }
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
        let Self { refusal, locale, scope } = self;
        let code = refusal.code;
        let seconds = refusal.retry_after.unwrap_or(0).to_string();
        let problem = Problem {
            kind: format!("/problems/{}", code.as_str()),
            status: code.status(),
            code: code.as_str().to_owned(),
            title: text_with(locale, &format!("error.{}", code.as_str()), &[("seconds", &seconds)]),
            errors: refusal
                .fields
                .iter()
                .map(|(field, issue)| FieldProblem {
                    field: field.as_str(),
                    code: issue.as_str(),
                    detail: issue_text(locale, *issue),
                })
                .collect(),
        };
        let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(problem)).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if code == ErrorCode::SignedOut || code == ErrorCode::TokenExpired {
            response.headers_mut().insert("www-authenticate", HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = refusal.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if code == ErrorCode::InsufficientScope
            && let Ok(challenge) = HeaderValue::from_str(&insufficient_scope(scope))
        {
            response.headers_mut().insert("www-authenticate", challenge);
        }
        response
    }
}

/// What a token of programs lacks (RFC 6750, 3.1). Where no scope would do, none is named.
fn insufficient_scope(scope: Option<Scope>) -> String {
    let needed = scope.map(|scope| format!(", scope=\"{}\"", scope.as_str())).unwrap_or_default();
    format!("Bearer error=\"insufficient_scope\"{needed}")
}

//! `POST /api/v1/providers/{id}/start`

use auth::form::StartProviderForm;
use auth::{Auth, Context, ErrorCode, ProviderId, flow};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::api::signed_in_answer::no_store;
use crate::problem::{Problem, Refused};

/// The beginning of a sign-in from a native app.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::StartProviderForm` for the document")]
struct StartProvider {
    /// Where the browser goes in the end: `http://127.0.0.1` or `http://[::1]` with any port and path, or exactly one
    /// address of the setting `native_redirects`. No `localhost`, no user-info, no fragment.
    #[schema(example = "http://127.0.0.1:50123/callback")]
    redirect_uri: String,
    /// SHA-256 of the app's verifier in base64url without padding: 43 characters (RFC 7636).
    #[schema(example = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]
    code_challenge: String,
    /// Always `S256`.
    #[schema(example = "S256")]
    code_challenge_method: String,
    /// Comes back with the code; the app compares it. At most 512 visible characters.
    #[schema(example = "af0ifjsldkj")]
    state: Option<String>,
}

/// A way to a provider.
#[derive(Serialize, ToSchema)]
pub struct ProviderStarted {
    /// What the app opens in the browser of the system, never in a view of its own (RFC 8252, 8.12).
    #[schema(example = "https://accounts.google.com/o/oauth2/v2/auth?response_type=code&client_id=…")]
    authorization_url: String,
    /// Seconds until the way ends.
    #[schema(example = 600)]
    expires_in: i64,
}

/// Begins a sign-in with a provider for a native app (RFC 8252). The browser comes back to `redirect_uri` with `code`,
/// `state` and `iss` when the person agrees on a page of ours, or with `error`. The code goes to `/providers/finish`
/// within 60 seconds, with the verifier.
#[utoipa::path(post, path = "/providers/{id}/start", request_body = StartProvider, tag = "provider", params(
    ("id" = String, Path, description = "The id of the provider in the list."),
), responses(
    (status = 200, description = "Where the browser goes.", body = ProviderStarted),
    (status = 404, description = "`not_found`: no provider of this name", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`; `unknown` of `redirect_uri`: no app may be sent there", body = Problem, content_type = "application/problem+json"),
    (status = 502, description = "`provider_answer_invalid`: what the provider says of itself cannot be believed", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_attempts`, with Retry-After and perhaps work that spares the wait", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "`provider_unavailable`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn start_provider(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    id: Result<Path<String>, PathRejection>,
    JsonBody(form): JsonBody<StartProviderForm>,
) -> Result<Response, Refused> {
    // What cannot be the name of a provider names none.
    let id = id.ok().and_then(|Path(id)| ProviderId::parse(&id));
    let id = id.ok_or_else(|| Refused::new(ErrorCode::NotFound, context.locale))?;
    let start = form.parse(id).map_err(|refusal| Refused::new(refusal, context.locale))?;
    let started = flow::start_native_federation(&auth, start, &context).await;
    let started = started.map_err(|error| Refused::from_error(&error, context.locale))?;
    let answer = ProviderStarted { authorization_url: started.url, expires_in: started.expires_in };
    Ok(no_store(Json(answer)))
}

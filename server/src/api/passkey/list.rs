//! `GET /api/v1/passkeys`

use auth::session::Caller;
use auth::view::PasskeyList;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use utoipa::ToSchema;

use super::PasskeyItemShape;
use crate::problem::{Problem, Refused};

/// All passkeys of an account, and what `PublicKeyCredential.signalAllAcceptedCredentials` needs.
#[derive(ToSchema)]
#[schema(as = PasskeyList)]
#[expect(dead_code, reason = "the shape of `auth::view::PasskeyList` for the document")]
struct PasskeyListShape {
    /// The host that they are for (`rpId`); null where there can be none.
    #[schema(example = "id.example.com")]
    rp_id: Option<String>,
    /// By what authenticators know the account (`userId`), in base64url.
    user_id: String,
    /// The oldest first; twenty at most. Each `credential_id` is one of `allAcceptedCredentialIds`.
    passkeys: Vec<PasskeyItemShape>,
}

/// The passkeys of the account.
#[utoipa::path(get, path = "/passkeys", tag = "passkey", responses(
    (status = 200, description = "All of them.", body = PasskeyListShape),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`insufficient_scope`: for no personal access token", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list_passkeys(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
) -> Result<Json<PasskeyList>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let listed = flow::list_passkeys(&auth, &caller).await;
    listed.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}

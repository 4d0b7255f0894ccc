//! `POST /api/v1/account-recovery/complete`

use auth::form::CompleteRecoveryForm;
use auth::{Auth, Context, flow};
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::body::JsonBody;
use crate::problem::{Problem, Refused};

/// The token of the mailed link and the password.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::CompleteRecoveryForm` for the document")]
struct CompleteAccountRecovery {
    /// What stands behind `token=` in the link.
    token: String,
    /// The password; left out for an account without one.
    #[schema(format = Password)]
    password: Option<String>,
}

/// Opens an account again whose second factors are lost: all of them are removed, every session and token is over. Nobody
/// is signed in by it. An account without a password gets a mail to choose one. The tenth wrong password ends it.
#[utoipa::path(post, path = "/account-recovery/complete", request_body = CompleteAccountRecovery, tag = "factors", responses(
    (status = 204, description = "The account is open again: sign in."),
    (status = 409, description = "`changed_meanwhile`", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "`link_expired`: used, called off, too old, or invented", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`: `password_wrong` leaves the link alive", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "`busy`, with Retry-After", body = Problem, content_type = "application/problem+json"),
))]
pub async fn complete_account_recovery(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    JsonBody(form): JsonBody<CompleteRecoveryForm>,
) -> Result<StatusCode, Refused> {
    let (token, password) = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    // The ticket is for the page that waits for a code; a program sends the address with it.
    let done = flow::complete_account_recovery(&auth, &token, &password, &context).await;
    done.map(|_| StatusCode::NO_CONTENT).map_err(|error| Refused::from_error(&error, context.locale))
}

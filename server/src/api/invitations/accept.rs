//! `POST /api/v1/invitations/accept`

use auth::form::AcceptInvitationForm;
use auth::session::Caller;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::problem::{Problem, Refused};

/// The token of the link alone, or the code.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::AcceptInvitationForm` for the document")]
struct AcceptInvitation {
    /// What stands behind `token=` in the link.
    #[schema(required = false)]
    token: String,
    /// With a code: the id of the organization; without it whichever the code is of.
    #[schema(required = false)]
    organization: String,
    /// The code from the mail.
    #[schema(example = "123456", required = false)]
    code: String,
}

/// The organization that the caller is a member of now.
#[derive(Serialize, ToSchema)]
pub struct Joined {
    /// Its id.
    organization: String,
    /// What it is called in addresses.
    #[schema(example = "acme")]
    slug: String,
}

/// Accepts an invitation. It works for the account of the invited address and for no other, once. The session works in
/// the organization from then on; access tokens of before are over.
#[utoipa::path(post, path = "/invitations/accept", request_body = AcceptInvitation, tag = "invitation", responses(
    (status = 200, description = "The caller is a member.", body = Joined),
    (status = 400, description = "`malformed_request`: a token and a code at once", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "`wrong_account`: it was made for another address", body = Problem, content_type = "application/problem+json"),
    (status = 410, description = "`link_expired`: used, replaced, taken back, declined, too old, or invented", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`, `wrong_code`", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "`code_exhausted`: five tries were wrong; use the link, or have it sent again", body = Problem, content_type = "application/problem+json"),
))]
pub async fn accept_invitation(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    body: Result<JsonBody<AcceptInvitationForm>, Refused>,
) -> Result<Json<Joined>, Refused> {
    let caller = caller.map_err(|code| Refused::new(code, context.locale))?;
    let JsonBody(form) = body?;
    let proof = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let joined = flow::accept_invitation(&auth, &caller, &proof, &context).await;
    joined
        .map(|joined| Json(Joined { organization: joined.id.0, slug: joined.slug.as_str().to_owned() }))
        .map_err(|error| Refused::from_error(&error, context.locale))
}

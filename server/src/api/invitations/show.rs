//! `POST /api/v1/invitations/show`

use auth::form::LinkForm;
use auth::session::Caller;
use auth::view::InvitationShown;
use auth::{Auth, Context, ErrorCode, flow};
use axum::Json;
use axum::extract::{Extension, State};
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::api::mailed_link::MailedLink;
use crate::problem::{Problem, Refused};

/// An invitation, as whoever has its link sees it.
#[derive(ToSchema)]
#[schema(as = InvitationShown)]
#[expect(dead_code, reason = "the shape of `auth::view::InvitationShown` for the document")]
struct InvitationShownShape {
    /// What the organization is called.
    #[schema(example = "Acme")]
    organization: String,
    /// What it is called in addresses.
    #[schema(example = "acme")]
    slug: String,
    /// Who invites.
    #[schema(example = "Alice")]
    inviter: String,
    /// Who is invited.
    #[schema(example = "bob@example.com")]
    email: String,
    /// The name of a built-in role, else what the organization calls it.
    #[schema(example = "member")]
    role_name: String,
    /// Whether every organization has the role.
    is_built_in: bool,
    /// When the invitation ends, in milliseconds since 1970.
    expires_at: i64,
    /// Whether members must have a second factor.
    factor_required: bool,
    /// Who the caller is: `signed_out`, `invited`, `member` (the one who is invited is one already), or `other`: signed
    /// in with another address.
    #[schema(example = "invited")]
    reader: String,
}

/// What an invitation is about. Changes nothing, and works signed out.
#[utoipa::path(post, path = "/invitations/show", request_body = MailedLink, tag = "invitation", responses(
    (status = 200, description = "The invitation.", body = InvitationShownShape),
    (status = 410, description = "`link_expired`: used, replaced, taken back, too old, or invented", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`", body = Problem, content_type = "application/problem+json"),
))]
pub async fn show_invitation(
    State(auth): State<Auth>,
    Extension(context): Extension<Context>,
    Extension(caller): Extension<Result<Caller, ErrorCode>>,
    JsonBody(form): JsonBody<LinkForm>,
) -> Result<Json<InvitationShown>, Refused> {
    let token = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let shown = flow::show_invitation(&auth, caller.ok().as_ref(), &token).await;
    shown.map(Json).map_err(|error| Refused::from_error(&error, context.locale))
}

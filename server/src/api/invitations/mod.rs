//! `/api/v1/organizations/{organization}/invitations` and `/api/v1/invitations`: inviting, and being invited.

use utoipa::ToSchema;

pub mod accept;
pub mod decline;
pub mod invite;
pub mod list;
pub mod resend;
pub mod revoke;
pub mod show;

/// An invitation. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = Invitation)]
#[expect(dead_code, reason = "the shape of `auth::view::InvitationItem` for the document")]
pub struct InvitationShape {
    /// Its id; not the secret.
    id: String,
    /// Who is invited.
    #[schema(example = "bob@example.com")]
    email: String,
    /// `owner`, `admin`, `member` or `viewer`, else the id of a role that the organization made.
    #[schema(example = "member")]
    role: String,
    /// The name of a built-in role, else what the organization calls it; null when it is gone.
    #[schema(example = "member")]
    role_name: Option<String>,
    /// Where in the organization; null: nowhere.
    department: Option<String>,
    /// Who invites.
    #[schema(example = "Alice")]
    inviter: String,
    /// `open`, `expired`, `dead` (whoever invites may not any more, or the role is gone) or `declined`.
    #[schema(example = "open")]
    state: String,
    /// When it was made.
    created_at: i64,
    /// When its newest mail was sent.
    sent_at: i64,
    /// When link and code of that end.
    expires_at: i64,
}

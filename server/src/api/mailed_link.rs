//! The body of what a mailed link does.

use utoipa::ToSchema;

/// The token of a mailed link.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of `auth::form::LinkForm` for the document")]
pub struct MailedLink {
    /// What stands behind `token=` in the link.
    token: String,
}

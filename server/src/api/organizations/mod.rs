//! `/api/v1/organizations`: what people do with their organizations, for programs. To who is not in one there is
//! nothing at its address; a member who may not hears `forbidden`.

use utoipa::ToSchema;

pub mod change_logo;
pub mod change_member;
pub mod change_role;
pub mod choose;
pub mod create;
pub mod create_role;
pub mod keep;
pub mod leave;
pub mod list;
pub mod list_members;
pub mod list_roles;
pub mod remove_logo;
pub mod remove_member;
pub mod remove_role;
pub mod rename;
pub mod request_deletion;
pub mod show;
pub mod transfer;

/// An organization, as one who is in it sees it. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = Organization)]
#[expect(dead_code, reason = "the shape of `auth::view::OrganizationView` for the document")]
pub struct OrganizationShape {
    /// The organization.
    id: String,
    /// What it is called in addresses.
    #[schema(example = "acme")]
    slug: String,
    /// What it is called.
    #[schema(example = "Acme")]
    name: String,
    /// The path of its logo; null without one.
    #[schema(example = "/organization-logos/…")]
    logo: Option<String>,
    /// What the caller is there: `owner`, `admin`, `member` or `viewer`, else the id of a role that it made.
    #[schema(example = "owner")]
    role: String,
    /// The name of a built-in role, else what the organization calls it.
    #[schema(example = "owner")]
    role_name: String,
    /// What the caller may do there, as `resource:action`.
    #[schema(example = json!(["organization:read", "members:read"]))]
    permissions: Vec<String>,
    /// Where in it the caller is; null: nowhere.
    department: Option<String>,
    /// When it was made.
    created_at: i64,
    /// Since when the caller is in it.
    joined_at: i64,
    /// When its members must have a second factor from; null: they need not.
    factor_required_from: Option<i64>,
    /// When it goes, if that was asked for.
    delete_at: Option<i64>,
    /// Whether the session works in it.
    is_chosen: bool,
}

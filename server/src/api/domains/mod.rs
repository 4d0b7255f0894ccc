//! `/api/v1/organizations/{organization}/domains`: mail domains of an organization. Nothing is there where the setting
//! `organization_domains` is off.

use utoipa::ToSchema;

pub mod change;
pub mod check;
pub mod claim;
pub mod list;
pub mod release;

/// A mail domain of an organization. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = OrganizationDomain)]
#[expect(dead_code, reason = "the shape of `auth::view::DomainItem` for the document")]
pub struct DomainShape {
    /// Its id.
    id: String,
    /// The domain.
    #[schema(example = "acme.example")]
    domain: String,
    /// The text that must stand under it in the DNS, as a record of type TXT.
    #[schema(example = "keywright-verification=…")]
    record: String,
    /// `claimed`, `verified`, `missing` (the record is not there any more) or `lost`.
    #[schema(example = "verified")]
    state: String,
    /// When it was claimed.
    created_at: i64,
    /// When the record was last looked for; null: never.
    checked_at: Option<i64>,
    /// When it is lost unless the record comes back.
    lost_at: Option<i64>,
    /// The role of people who prove an address of it and join by themselves; null: they do not.
    #[schema(example = "viewer")]
    join_role: Option<String>,
}

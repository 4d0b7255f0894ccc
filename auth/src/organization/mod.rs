//! The words of organizations: what one is called, which roles there are in it, and what they allow.

mod closing_reason;
mod department;
mod mail_domain;
mod name;
mod permission;
mod role;
mod role_name;
mod slug;

pub use closing_reason::ClosingReason;
pub use department::Department;
pub use mail_domain::MailDomain;
pub use name::OrganizationName;
pub use permission::{OrganizationPermission, OrganizationPermissions};
pub use role::{BuiltInRole, OrganizationRole};
pub use role_name::RoleName;
pub use slug::Slug;

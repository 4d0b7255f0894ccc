//! Roles and permissions in words.

use auth::organization::{BuiltInRole, OrganizationPermission};

use crate::text::t;

/// A role in words: a built-in one is translated, one of its own is called as the organization calls it.
pub fn role_text(role: &str, name: &str) -> String {
    match BuiltInRole::parse(role) {
        Some(BuiltInRole::Owner) => t("page.organization_roles.owner"),
        Some(BuiltInRole::Admin) => t("page.organization_roles.admin"),
        Some(BuiltInRole::Member) => t("page.organization_roles.member"),
        Some(BuiltInRole::Viewer) => t("page.organization_roles.viewer"),
        None => name.to_owned(),
    }
}

/// What a permission allows, in words.
pub(super) fn permission_text(permission: OrganizationPermission) -> String {
    use OrganizationPermission as May;
    t(match permission {
        May::ReadOrganization => "page.permissions.organization_read",
        May::UpdateOrganization => "page.permissions.organization_update",
        May::DeleteOrganization => "page.permissions.organization_delete",
        May::TransferOrganization => "page.permissions.organization_transfer",
        May::ReadMembers => "page.permissions.members_read",
        May::UpdateMembers => "page.permissions.members_update",
        May::RemoveMembers => "page.permissions.members_remove",
        May::ReadInvitations => "page.permissions.invitations_read",
        May::ManageInvitations => "page.permissions.invitations_manage",
        May::ReadRoles => "page.permissions.roles_read",
        May::ManageRoles => "page.permissions.roles_manage",
        May::ReadDomains => "page.permissions.domains_read",
        May::ManageDomains => "page.permissions.domains_manage",
        May::ReadDocuments => "page.permissions.documents_read",
        May::CreateDocuments => "page.permissions.documents_create",
        May::UpdateDocuments => "page.permissions.documents_update",
        May::PublishDocuments => "page.permissions.documents_publish",
        May::DeleteDocuments => "page.permissions.documents_delete",
        May::ReadAudit => "page.permissions.audit_read",
        May::ReadWebhooks => "page.permissions.webhooks_read",
        May::ManageWebhooks => "page.permissions.webhooks_manage",
    })
}

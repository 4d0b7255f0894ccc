//! The roles that somebody may give to others.

use auth::flow;
use auth::organization::{BuiltInRole, OrganizationPermission};
use auth::view::{OrganizationView, RoleItem};

use crate::error::AppError;
use crate::server;

/// The roles that the reader may give: nobody gives what they do not have. Who may not see what roles there are is
/// offered the built-in ones.
///
/// # Errors
/// The organization is gone meanwhile, or does not let the reader in.
pub(in crate::page) async fn roles_to_give(organization: &OrganizationView) -> Result<Vec<RoleItem>, AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let roles = if organization.may(OrganizationPermission::ReadRoles) {
        flow::list_roles(&auth, &caller, &organization.id, &context).await?
    } else {
        BuiltInRole::ALL.map(built_in).into()
    };
    Ok(roles.into_iter().filter(|role| organization.permissions.covers(&role.permissions)).collect())
}

fn built_in(role: BuiltInRole) -> RoleItem {
    RoleItem {
        id: role.as_str().to_owned(),
        name: role.as_str().to_owned(),
        permissions: role.permissions(),
        is_built_in: true,
        members: 0,
    }
}

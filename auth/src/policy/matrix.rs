//! Which role may do what, asked of the policies in force: somebody who proved a second factor a moment ago, on a
//! Wednesday at noon, in a session of our pages.

use super::{Act, Compiled, act_of};
use crate::form::PolicyQuestion;
use crate::organization::{BuiltInRole, OrganizationPermission};
use crate::view::{PermissionMatrix, PermissionRow, RoleTable};
use crate::{Permission, Refusal, Role};

/// The decision for each role and each permission.
pub(crate) fn matrix(compiled: &Compiled) -> Result<PermissionMatrix, Refusal> {
    let on_platform = |role: &str, action: &str| question("platform", role, None, action);
    let within = |role: &str, action: &str| question("organization", Role::User.as_str(), Some(role), action);
    let permissions: Vec<_> = Permission::ALL.iter().map(|permission| permission.as_str()).collect();
    let of_organizations: Vec<_> = OrganizationPermission::ALL.iter().map(|permission| permission.as_str()).collect();
    Ok(PermissionMatrix {
        platform: table(compiled, &Role::ALL.map(Role::as_str), &permissions, on_platform)?,
        organization: table(compiled, &BuiltInRole::ALL.map(BuiltInRole::as_str), &of_organizations, within)?,
    })
}

fn table(
    compiled: &Compiled,
    roles: &[&str],
    permissions: &[&str],
    question: impl Fn(&str, &str) -> Result<Act, Refusal>,
) -> Result<RoleTable, Refusal> {
    let row = |permission: &&str| {
        let allowed = roles.iter().map(|role| Ok(compiled.decide(&question(role, permission)?).is_allowed));
        Ok(PermissionRow { permission: (*permission).to_owned(), allowed: allowed.collect::<Result<_, Refusal>>()? })
    };
    let rows = permissions.iter().map(row).collect::<Result<_, Refusal>>()?;
    Ok(RoleTable { roles: roles.iter().map(|role| (*role).to_owned()).collect(), rows })
}

fn question(on: &str, platform_role: &str, role: Option<&str>, action: &str) -> Result<Act, Refusal> {
    act_of(&PolicyQuestion {
        action: action.to_owned(),
        on: on.to_owned(),
        platform_role: platform_role.to_owned(),
        role: role.map(str::to_owned),
        mfa_age: Some(0),
        ..PolicyQuestion::default()
    })
}

//! One organization, as one who is in it sees it.

use super::organization_permission::{InOrganization, admit_member};
use crate::avatar;
use crate::id::OrganizationId;
use crate::organization::OrganizationPermission;
use crate::session::Caller;
use crate::store::OwnOrganizationRow;
use crate::view::OrganizationView;
use crate::{Auth, Context, Result};

/// The organization, and what the caller is and may there. Every role allows that.
///
/// # Errors
/// Those of [`super::require_in_organization`].
pub async fn show_organization(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    context: &Context,
) -> Result<OrganizationView> {
    let permission = OrganizationPermission::ReadOrganization;
    let (within, logo) = admit_member(auth, caller, organization, permission, context).await?;
    let InOrganization { session, organization, membership } = within;
    let chosen = session.working_in.map(|working| working.organization);
    Ok(organization_view(OwnOrganizationRow { organization, membership, logo }, chosen.as_ref()))
}

/// What its member sees of an organization, in a session that works in `chosen`.
pub(crate) fn organization_view(row: OwnOrganizationRow, chosen: Option<&OrganizationId>) -> OrganizationView {
    let OwnOrganizationRow { organization, membership, logo } = row;
    OrganizationView {
        is_chosen: chosen == Some(&organization.id),
        id: organization.id,
        slug: organization.slug,
        name: organization.name,
        logo: logo.map(|id| format!("{}{id}", avatar::LOGO_PATH)),
        role: membership.role.as_str().to_owned(),
        role_name: membership.role_name,
        permissions: membership.permissions,
        department: membership.department,
        created_at: organization.created_at,
        joined_at: membership.joined_at,
        factor_required_from: organization.factor_required_from,
        delete_at: organization.delete_at,
    }
}

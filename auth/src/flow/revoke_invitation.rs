//! Taking an invitation back.

use super::organization_permission::require_in_organization;
use crate::audit::AuditLine;
use crate::id::{InvitationId, OrganizationId};
use crate::organization::OrganizationPermission;
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Takes it back: its link and code are dead. Whoever was invited is not told.
///
/// # Errors
/// Those of [`require_in_organization`]; [`ErrorCode::NotFound`] for an invitation that is none of the organization, or
/// was answered or taken back before.
pub async fn revoke_invitation(
    auth: &Auth,
    caller: &Caller,
    (organization, invitation): (&OrganizationId, &InvitationId),
    context: &Context,
) -> Result<()> {
    let permission = OrganizationPermission::ManageInvitations;
    let within = require_in_organization(auth, caller, organization, permission, context).await?;
    let id = InvitationId::parse(invitation.as_str()).ok_or(ErrorCode::NotFound)?;
    let mut tx = auth.store.begin().await?;
    let within = within.held(auth, &mut tx, permission, context).await?;
    tx.revoke_invitation(&within.organization.id, &id, auth.now()).await?.ok_or(ErrorCode::NotFound)?;
    let line = AuditLine::of(EventKind::InvitationRevoked)
        .by(&caller.user_id, Some(&caller.session_id))
        .within(&within.organization.id)
        .with(id.as_str());
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(())
}

//! Who is invited into an organization.

use super::invitation_mail::item;
use super::organization_permission::require_in_organization;
use crate::id::OrganizationId;
use crate::organization::OrganizationPermission;
use crate::paging::{Cursor, Page, Place};
use crate::session::Caller;
use crate::store::InvitationRow;
use crate::view::InvitationItem;
use crate::{Auth, Context, Result};

/// A page of the invitations that were neither accepted nor taken back, the newest first.
///
/// # Errors
/// Those of [`require_in_organization`]; [`crate::ErrorCode::MalformedRequest`] for a broken cursor.
pub async fn list_invitations(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    after: Option<Cursor>,
    context: &Context,
) -> Result<Page<InvitationItem>> {
    let permission = OrganizationPermission::ReadInvitations;
    let within = require_in_organization(auth, caller, organization, permission, context).await?;
    let place = Place::of(after)?;
    let rows = auth.store.invitations_into(&within.organization.id, &place).await?;
    let now = auth.now();
    let place_of = |row: &InvitationRow| Place { at: row.created_at, id: row.id.0.clone() };
    Ok(Page::of(rows, place_of, |row| Some(item(row, now))))
}

//! The organizations somebody is in.

use super::show_organization::organization_view;
use crate::paging::{Cursor, Page, Place, rows_to_ask};
use crate::session::Caller;
use crate::store::OwnOrganizationRow;
use crate::view::OrganizationView;
use crate::{Auth, Result};

/// A page of the organizations the caller is in, the one they joined last first.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`], or [`crate::ErrorCode::MalformedRequest`] for a broken cursor.
pub async fn list_organizations(auth: &Auth, caller: &Caller, after: Option<Cursor>) -> Result<Page<OrganizationView>> {
    let session = auth.session_of(caller).await?;
    let place = Place::of(after)?;
    let chosen = session.working_in.map(|working| working.organization);
    let rows = auth.store.own_organizations(&caller.user_id, &place, rows_to_ask()).await?;
    Ok(Page::of(
        rows,
        |row: &OwnOrganizationRow| Place { at: row.membership.joined_at, id: row.organization.id.0.clone() },
        |row| Some(organization_view(row, chosen.as_ref())),
    ))
}

//! The logo of an organization: given, taken away, shown.

use secrecy::ExposeSecret;

use super::organization_permission::require_in_organization;
use super::profile::read_picture;
use crate::audit::AuditLine;
use crate::avatar::Avatar;
use crate::id::OrganizationId;
use crate::organization::OrganizationPermission;
use crate::session::Caller;
use crate::store::NewLogo;
use crate::{Auth, Context, EventKind, Field, Result};

const PERMISSION: OrganizationPermission = OrganizationPermission::UpdateOrganization;

/// Makes the picture of a file the logo. It gets a new id, and the one before leads nowhere.
///
/// # Errors
/// Those of [`require_in_organization`]; an issue of [`Field::Logo`]; [`crate::ErrorCode::Busy`] when too many pictures
/// or hashes wait.
pub async fn change_logo(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    file: Vec<u8>,
    context: &Context,
) -> Result<()> {
    let within = require_in_organization(auth, caller, organization, PERMISSION, context).await?;
    let picture = read_picture(auth, file, Field::Logo).await?;
    let id = auth.random.token();
    let mut tx = auth.store.begin().await?;
    let organization = within.held(auth, &mut tx, PERMISSION, context).await?.organization;
    tx.set_organization_logo(NewLogo {
        id: id.expose_secret(),
        organization_id: &organization.id,
        picture: &picture,
        created_at: auth.now(),
    })
    .await?;
    let line = AuditLine::of(EventKind::OrganizationLogoChanged)
        .by(&caller.user_id, Some(&caller.session_id))
        .within(&organization.id);
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets the logo. Without one, nothing changes and no trace is left.
///
/// # Errors
/// Those of [`require_in_organization`].
pub async fn remove_logo(auth: &Auth, caller: &Caller, organization: &OrganizationId, context: &Context) -> Result<()> {
    let within = require_in_organization(auth, caller, organization, PERMISSION, context).await?;
    let mut tx = auth.store.begin().await?;
    let organization = within.held(auth, &mut tx, PERMISSION, context).await?.organization;
    if tx.delete_organization_logo(&organization.id).await? {
        let line = AuditLine::of(EventKind::OrganizationLogoRemoved)
            .by(&caller.user_id, Some(&caller.session_id))
            .within(&organization.id);
        auth.record(&mut tx, line, context).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The logo with this id; none when it was replaced, removed, or never there. Whoever was shown the address may look.
///
/// # Errors
/// Only when the database fails.
pub async fn organization_logo(auth: &Auth, id: &str) -> Result<Option<Avatar>> {
    if super::profile::is_id(id) { Ok(auth.store.organization_logo(id).await?) } else { Ok(None) }
}

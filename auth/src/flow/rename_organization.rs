//! Calling an organization something else.

use super::organization_permission::require_in_organization;
use crate::audit::AuditLine;
use crate::form::Renaming;
use crate::id::OrganizationId;
use crate::organization::OrganizationPermission;
use crate::session::Caller;
use crate::{Auth, Context, EventKind, Field, FieldIssue, Refusal, Result};

/// Gives an organization another name, another slug, or both. The same again changes nothing and leaves no trace.
/// Addresses with the slug from before lead nowhere.
///
/// # Errors
/// Those of [`require_in_organization`]; [`FieldIssue::Taken`] of [`Field::Slug`].
pub async fn rename_organization(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    wanted: Renaming,
    context: &Context,
) -> Result<()> {
    let permission = OrganizationPermission::UpdateOrganization;
    let within = require_in_organization(auth, caller, organization, permission, context).await?;
    let mut tx = auth.store.begin().await?;
    let old = within.held(auth, &mut tx, permission, context).await?.organization;
    let name = wanted.name.unwrap_or_else(|| old.name.clone());
    let slug = wanted.slug.unwrap_or_else(|| old.slug.clone());
    if name == old.name && slug == old.slug {
        return Ok(());
    }
    if !tx.rename_organization(&old.id, &name, &slug).await? {
        return Err(Refusal::invalid(vec![(Field::Slug, FieldIssue::Taken)]).into());
    }
    let line = AuditLine::of(EventKind::OrganizationRenamed)
        .by(&caller.user_id, Some(&caller.session_id))
        .within(&old.id)
        .changed("name", Some(old.name.as_str()), Some(name.as_str()))
        .changed("slug", Some(old.slug.as_str()), Some(slug.as_str()));
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(())
}

//! The end of an organization whose grace is over: everything that belongs to it goes, in one transaction.

use super::delete_account::nobody;
use crate::audit::AuditLine;
use crate::id::OrganizationId;
use crate::mail::{Mail, OrganizationMessage};
use crate::{Auth, EventKind, Result};

/// Deletes an organization if its day has come, and tells those who owned it by mail; `false` when it was kept
/// meanwhile, or another node was faster.
///
/// # Errors
/// Only when the database fails; then nothing happened.
pub async fn delete_organization(auth: &Auth, id: &OrganizationId) -> Result<bool> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if !tx.hold_organization_to_delete(id, now).await? {
        return Ok(false);
    }
    let Some(organization) = tx.organization(id).await? else { return Ok(false) };
    tx.bump_token_versions(id, None, now).await?;
    for owner in tx.owners(id).await? {
        let message = OrganizationMessage::OrganizationDeleted {
            name: owner.name,
            organization: organization.name.clone(),
            link: format!("{}/orgs", auth.public_url),
        }
        .into();
        auth.promise_mail(&mut tx, &Mail { to: owner.email, locale: owner.locale, message }).await?;
    }
    tx.delete_organization(id).await?;
    auth.record(&mut tx, AuditLine::of(EventKind::OrganizationDeleted).within(id), &nobody()).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(true)
}

//! Asking for the end of an organization: it goes after 14 days, unless an owner keeps it.

use super::organization_permission::require_in_organization;
use super::reauthenticate::require_fresh;
use crate::audit::AuditLine;
use crate::id::OrganizationId;
use crate::mail::{Mail, OrganizationMessage};
use crate::organization::OrganizationPermission;
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Result, Timestamp};

const PERMISSION: OrganizationPermission = OrganizationPermission::DeleteOrganization;

/// Sets the day and tells every owner by mail; gives the day. Until then everything works as before. Asks for a fresh
/// proof.
///
/// # Errors
/// Those of [`require_in_organization`]; [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::ChangedMeanwhile`] when
/// the day was set before.
pub async fn request_organization_deletion(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    context: &Context,
) -> Result<Timestamp> {
    let within = require_in_organization(auth, caller, organization, PERMISSION, context).await?;
    require_fresh(auth, within.session.clone()).await?;
    let delete_at = auth.now().plus_seconds(auth.lifetimes.deletion_grace);
    let mut tx = auth.store.begin().await?;
    let organization = within.held(auth, &mut tx, PERMISSION, context).await?.organization;
    if !tx.schedule_organization_deletion(&organization.id, delete_at).await? {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    for owner in tx.owners(&organization.id).await? {
        let message = OrganizationMessage::OrganizationDeletionScheduled {
            name: owner.name,
            organization: organization.name.clone(),
            device: context.device.clone(),
            at: delete_at,
            link: format!("{}/orgs/{}/settings", auth.public_url, organization.id.as_str()),
        }
        .into();
        auth.promise_mail(&mut tx, &Mail { to: owner.email, locale: owner.locale, message }).await?;
    }
    let line = AuditLine::of(EventKind::OrganizationDeletionRequested)
        .by(&caller.user_id, Some(&caller.session_id))
        .within(&organization.id);
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(delete_at)
}

/// Keeps an organization whose end was asked for. Nothing to undo is no failure.
///
/// # Errors
/// Those of [`require_in_organization`].
pub async fn keep_organization(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    context: &Context,
) -> Result<()> {
    let within = require_in_organization(auth, caller, organization, PERMISSION, context).await?;
    let mut tx = auth.store.begin().await?;
    let organization = within.held(auth, &mut tx, PERMISSION, context).await?.organization;
    if tx.keep_organization(&organization.id, auth.now()).await? {
        let line = AuditLine::of(EventKind::OrganizationDeletionCancelled)
            .by(&caller.user_id, Some(&caller.session_id))
            .within(&organization.id);
        auth.record(&mut tx, line, context).await?;
    }
    tx.commit().await?;
    Ok(())
}

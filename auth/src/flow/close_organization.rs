//! Closing an organization, and opening it again, in the hands of administrators of the platform. Its owners are told
//! by mail. Nothing of it is deleted; its members cannot get in while it is closed.

use super::admin_list_organizations::organization_id;
use super::permission::require_permission;
use super::reauthenticate::require_fresh_proof;
use crate::audit::AuditLine;
use crate::id::OrganizationId;
use crate::mail::{Mail, Message, OrganizationMessage};
use crate::organization::ClosingReason;
use crate::session::Caller;
use crate::store::{OrganizationItemRow, OwnerRow, Transaction};
use crate::{Auth, Context, ErrorCode, EventKind, Permission, Result};

/// Closes an organization. Access tokens that name it are over on every node within a second.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such organization;
/// [`ErrorCode::MalformedRequest`] for what is no id; [`ErrorCode::ReauthenticationRequired`];
/// [`ErrorCode::WrongState`] when it is closed.
pub async fn close_organization(
    auth: &Auth,
    caller: &Caller,
    id: &str,
    reason: &ClosingReason,
    context: &Context,
) -> Result<()> {
    require_permission(auth, caller, Permission::ManageOrganizations).await?;
    require_fresh_proof(auth, caller).await?;
    let (id, now) = (organization_id(id)?, auth.now());
    let found = auth.store.organization_item(&id, 1).await?.ok_or(ErrorCode::NotFound)?;
    let mut tx = auth.store.begin().await?;
    if !tx.close_organization(&id, reason.as_str(), now).await? {
        return Err(ErrorCode::WrongState.into());
    }
    let message = |owner: &OwnerRow| {
        Message::from(OrganizationMessage::OrganizationClosed {
            name: owner.name.clone(),
            organization: found.name.clone(),
            reason: reason.as_str().to_owned(),
            at: now,
            link: dashboard(auth),
        })
    };
    tell(auth, &mut tx, &id, message).await?;
    let line = AuditLine::of(EventKind::AdminOrganizationClosed).changed("closed_reason", None, Some(reason.as_str()));
    note(auth, tx, line, caller, &found, context).await
}

/// Opens a closed organization again. One that was to be deleted meanwhile is there still, and stays.
///
/// # Errors
/// Those of [`close_organization`]; [`ErrorCode::WrongState`] when it is open.
pub async fn reopen_organization(auth: &Auth, caller: &Caller, id: &str, context: &Context) -> Result<()> {
    require_permission(auth, caller, Permission::ManageOrganizations).await?;
    require_fresh_proof(auth, caller).await?;
    let id = organization_id(id)?;
    let found = auth.store.organization_item(&id, 1).await?.ok_or(ErrorCode::NotFound)?;
    let mut tx = auth.store.begin().await?;
    if !tx.reopen_organization(&id, auth.now()).await? {
        return Err(ErrorCode::WrongState.into());
    }
    let message = |owner: &OwnerRow| {
        Message::from(OrganizationMessage::OrganizationReopened {
            name: owner.name.clone(),
            organization: found.name.clone(),
            at: auth.now(),
            link: dashboard(auth),
        })
    };
    tell(auth, &mut tx, &id, message).await?;
    let line = AuditLine::of(EventKind::AdminOrganizationReopened);
    let line = line.changed("closed_reason", found.closed_reason.as_deref(), None);
    note(auth, tx, line, caller, &found, context).await
}

/// Tells every owner by mail, and outdates the access tokens that name the organization.
async fn tell(
    auth: &Auth,
    tx: &mut Transaction,
    id: &OrganizationId,
    message: impl Fn(&OwnerRow) -> Message,
) -> Result<()> {
    for owner in tx.owners(id).await? {
        let message = message(&owner);
        auth.promise_mail(tx, &Mail { to: owner.email, locale: owner.locale, message }).await?;
    }
    for user in tx.people_at_work_in(id).await? {
        tx.bump_token_version(&user, auth.now()).await?;
    }
    Ok(())
}

/// Writes the line, and lets it all happen.
async fn note(
    auth: &Auth,
    mut tx: Transaction,
    line: AuditLine<'_>,
    caller: &Caller,
    found: &OrganizationItemRow,
    context: &Context,
) -> Result<()> {
    let line = line.by(&caller.user_id, Some(&caller.session_id)).within(&found.id).with(found.slug.as_str());
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}

fn dashboard(auth: &Auth) -> String {
    format!("{}/dashboard", auth.public_url)
}

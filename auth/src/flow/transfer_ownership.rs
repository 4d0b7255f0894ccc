//! Giving an organization into other hands.

use super::organization_permission::require_in_organization;
use super::reauthenticate::require_fresh;
use crate::audit::AuditLine;
use crate::id::{OrganizationId, UserId};
use crate::mail::{Mail, OrganizationMessage};
use crate::organization::{BuiltInRole, OrganizationPermission, OrganizationRole};
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Makes another member an owner and the caller, who was one, an administrator, and tells the new owner by mail. Asks
/// for a fresh proof.
///
/// # Errors
/// Those of [`require_in_organization`]; [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::NotFound`] for who is
/// not in it; [`ErrorCode::WrongState`] for the caller themselves, and for who is about to leave the product.
pub async fn transfer_ownership(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    to: &UserId,
    context: &Context,
) -> Result<()> {
    let permission = OrganizationPermission::TransferOrganization;
    let within = require_in_organization(auth, caller, organization, permission, context).await?;
    require_fresh(auth, within.session.clone()).await?;
    let to = UserId::parse(to.as_str()).ok_or(ErrorCode::NotFound)?;
    auth.store.membership(&within.organization.id, &to).await?.ok_or(ErrorCode::NotFound)?;
    let heir = auth.store.user(&to).await?.ok_or(ErrorCode::NotFound)?;
    if to == caller.user_id || heir.delete_at.is_some() {
        return Err(ErrorCode::WrongState.into());
    }

    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let within = within.held(auth, &mut tx, permission, context).await?;
    let id = &within.organization.id;
    let member = tx.membership(id, &to).await?.ok_or(ErrorCode::NotFound)?;
    let roles = [BuiltInRole::Owner, BuiltInRole::Admin].map(OrganizationRole::BuiltIn);
    tx.set_membership(id, &to, &roles[0], member.department.as_deref()).await?;
    tx.set_membership(id, &caller.user_id, &roles[1], within.membership.department.as_deref()).await?;
    tx.bump_token_version(&to, now).await?;
    tx.bump_token_version(&caller.user_id, now).await?;
    let message = OrganizationMessage::OwnershipReceived {
        name: heir.name,
        organization: within.organization.name.clone(),
        link: format!("{}/orgs/{}", auth.public_url, id.as_str()),
    }
    .into();
    auth.promise_mail(&mut tx, &Mail { to: heir.email, locale: heir.locale, message }).await?;
    let line = AuditLine::of(EventKind::OwnershipTransferred)
        .about(&to)
        .by(&caller.user_id, Some(&caller.session_id))
        .within(id)
        .changed("role", Some(&member.role_name), Some(roles[0].as_str()))
        .changed("role_of_actor", Some(&within.membership.role_name), Some(roles[1].as_str()));
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}

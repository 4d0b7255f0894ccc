//! Sending an invitation once more, with a new link and code.

use super::invitation_mail::{
    Secrets, item, language_of, note_mail, promise_invitation, require_proof_for_owner, role_to_give,
};
use super::organization_permission::require_in_organization;
use crate::audit::AuditLine;
use crate::id::{InvitationId, OrganizationId};
use crate::organization::OrganizationPermission;
use crate::session::Caller;
use crate::store::InvitationTerms;
use crate::view::InvitationItem;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Sends it again: the link and code of before are dead, and its time begins anew. Whoever does so is the one who invites
/// from now on, so an invitation comes back to life whose inviter may not any more. That of an owner asks for a fresh
/// proof.
///
/// # Errors
/// Those of [`require_in_organization`]; [`ErrorCode::NotFound`] for an invitation that is none of the organization;
/// [`ErrorCode::WrongState`] for one that was answered or taken back, whose role is gone, or whose person is a member;
/// [`ErrorCode::InvalidFields`] for a role that is more than the caller's own; [`ErrorCode::TooSoon`];
/// [`ErrorCode::ReauthenticationRequired`].
pub async fn resend_invitation(
    auth: &Auth,
    caller: &Caller,
    (organization, invitation): (&OrganizationId, &InvitationId),
    context: &Context,
) -> Result<InvitationItem> {
    let permission = OrganizationPermission::ManageInvitations;
    let within = require_in_organization(auth, caller, organization, permission, context).await?;
    let id = InvitationId::parse(invitation.as_str()).ok_or(ErrorCode::NotFound)?;
    let found = auth.store.invitation(&id).await?;
    let found = found.filter(|row| row.organization_id == within.organization.id).ok_or(ErrorCode::NotFound)?;
    require_proof_for_owner(auth, &within, &found.role).await?;
    let locale = language_of(auth, &found.email, context).await?;
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let within = within.held(auth, &mut tx, permission, context).await?;
    let organization = &within.organization.id;
    // It may have changed until the organization was held.
    let row = tx.invitation(&id).await?.ok_or(ErrorCode::NotFound)?;
    let is_member = tx.has_member_with(organization, &row.email).await?;
    if !row.state(now).waits() || row.grant.is_none() || !row.is_organization_open || is_member {
        return Err(ErrorCode::WrongState.into());
    }
    role_to_give(&mut tx, &within, &row.role).await?;
    note_mail(auth, &mut tx, &within, &row.email, false).await?;
    let secrets = Secrets::draw(auth);
    let terms = InvitationTerms {
        role: &row.role,
        department: row.department.as_deref(),
        inviter_id: &caller.user_id,
        link_digest: &secrets.link_digest(),
        code_mac: &secrets.code_mac(auth, &id),
        now,
        expires_at: now.plus_seconds(auth.lifetimes.invitation),
    };
    if !tx.renew_invitation(&id, &terms).await? {
        return Err(ErrorCode::WrongState.into());
    }
    promise_invitation(auth, &mut tx, &within, &secrets, (&row.email, locale)).await?;
    let line = AuditLine::of(EventKind::InvitationResent)
        .by(&caller.user_id, Some(&caller.session_id))
        .within(organization)
        .with(id.as_str());
    auth.record(&mut tx, line, context).await?;
    let row = tx.invitation(&id).await?.ok_or(ErrorCode::ChangedMeanwhile)?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(item(row, now))
}

//! Inviting somebody into an organization. Nothing is made for them before they accept.

use super::invitation_mail::{
    Secrets, item, language_of, note_mail, promise_invitation, require_proof_for_owner, role_to_give,
};
use super::organization_permission::require_in_organization;
use crate::audit::AuditLine;
use crate::form::WantedInvitation;
use crate::id::{InvitationId, OrganizationId};
use crate::organization::{Department, OrganizationPermission};
use crate::session::Caller;
use crate::store::{InvitationTerms, NewInvitation};
use crate::view::InvitationItem;
use crate::{Auth, Context, ErrorCode, EventKind, Field, FieldIssue, Refusal, Result};

/// Makes an invitation and promises its mail. One of the same address that waits is made anew instead: its link and code
/// are dead. To invite an owner asks for a fresh proof.
///
/// # Errors
/// Those of [`require_in_organization`]; [`FieldIssue::AlreadyMember`] of [`Field::Email`]; [`FieldIssue::Unknown`] and
/// [`FieldIssue::BeyondOwn`] of [`Field::Role`]; [`ErrorCode::WrongState`] for an organization that is about to go;
/// [`ErrorCode::TooMany`] and [`ErrorCode::TooSoon`]; [`ErrorCode::ReauthenticationRequired`].
pub async fn invite(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    wanted: WantedInvitation,
    context: &Context,
) -> Result<InvitationItem> {
    let permission = OrganizationPermission::ManageInvitations;
    let within = require_in_organization(auth, caller, organization, permission, context).await?;
    require_proof_for_owner(auth, &within, &wanted.role).await?;
    let locale = language_of(auth, &wanted.email, context).await?;
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let within = within.held(auth, &mut tx, permission, context).await?;
    let organization = &within.organization.id;
    if within.organization.delete_at.is_some() {
        return Err(ErrorCode::WrongState.into());
    }
    let grant = role_to_give(&mut tx, &within, &wanted.role).await?;
    if tx.has_member_with(organization, &wanted.email).await? {
        return Err(Refusal::invalid(vec![(Field::Email, FieldIssue::AlreadyMember)]).into());
    }
    let waiting = tx.waiting_invitation(organization, &wanted.email).await?;
    note_mail(auth, &mut tx, &within, &wanted.email, waiting.is_none()).await?;

    let is_new = waiting.is_none();
    let id = waiting.unwrap_or_else(|| InvitationId(auth.random.id(now)));
    let secrets = Secrets::draw(auth);
    let terms = InvitationTerms {
        role: &wanted.role,
        department: wanted.department.as_ref().map(Department::as_str),
        inviter_id: &caller.user_id,
        link_digest: &secrets.link_digest(),
        code_mac: &secrets.code_mac(auth, &id),
        now,
        expires_at: now.plus_seconds(auth.lifetimes.invitation),
    };
    if is_new {
        tx.insert_invitation(&NewInvitation { id: &id, organization_id: organization, email: &wanted.email, terms })
            .await?;
    } else if !tx.renew_invitation(&id, &terms).await? {
        // Accepted or declined in this very moment.
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    promise_invitation(auth, &mut tx, &within, &secrets, (&wanted.email, locale)).await?;
    let line = AuditLine::of(EventKind::InvitationSent)
        .by(&caller.user_id, Some(&caller.session_id))
        .within(organization)
        .with(id.as_str())
        .changed("role", None, Some(&grant.name));
    auth.record(&mut tx, line, context).await?;
    let row = tx.invitation(&id).await?.ok_or(ErrorCode::ChangedMeanwhile)?;
    tx.commit().await?;
    auth.wake_worker();
    Ok(item(row, now))
}

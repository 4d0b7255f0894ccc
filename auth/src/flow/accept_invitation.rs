//! Accepting an invitation into an organization: by whoever is signed in to the account of the invited address, and by
//! nobody else. So a link that was forwarded is worth nothing, and one for an address that the account had before
//! neither.

use subtle::ConstantTimeEq;

use super::invitation_mail::code_mac;
use super::refused_sign_in::noting_refused_code;
use crate::audit::AuditLine;
use crate::crypto::{Purpose, token_digest};
use crate::form::InvitationProof;
use crate::id::{InvitationId, OrganizationId};
use crate::mail::{Mail, OrganizationMessage};
use crate::organization::Slug;
use crate::session::Caller;
use crate::store::{InvitationRow, MAX_WRONG_CODES, NewMembership, SessionRow, Transaction};
use crate::view::InvitationState;
use crate::{Auth, Context, ErrorCode, EventKind, Result, VerificationCode};

/// An organization that somebody is a member of from now on.
pub struct JoinedOrganization {
    /// Which.
    pub id: OrganizationId,
    /// What it is called in addresses.
    pub slug: Slug,
}

/// Consumes the invitation and makes the caller a member, all or nothing. The session works in the organization from
/// then on, and whoever invited is told by mail.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::WrongAccount`] for the link of another address; [`ErrorCode::LinkExpired`] for
/// an invitation that is used, replaced, taken back, declined, too old or invented, or that nobody may give any more;
/// [`ErrorCode::WrongCode`] and [`ErrorCode::CodeExhausted`].
pub async fn accept_invitation(
    auth: &Auth,
    caller: &Caller,
    proof: &InvitationProof,
    context: &Context,
) -> Result<JoinedOrganization> {
    // Open to everybody who is signed in: the invitation is the permission.
    let session = auth.session_of(caller).await?;
    let found = match proof {
        InvitationProof::Link(token) => {
            let digest = token_digest(Purpose::InvitationLink, token);
            auth.store.invitation_by_link(&digest).await?.ok_or(ErrorCode::LinkExpired)?
        }
        InvitationProof::Code { organization, code } => {
            let found = invitation_of_code(auth, &session, organization.as_deref(), code).await;
            let id = noting_refused_code(auth, &session, found, context).await?;
            auth.store.invitation(&id).await?.ok_or(ErrorCode::LinkExpired)?
        }
    };
    require_open(auth, &found)?;
    if found.email != session.email {
        return Err(ErrorCode::WrongAccount.into());
    }
    let inviter = auth.store.user(&found.inviter_id).await?.ok_or(ErrorCode::LinkExpired)?;

    let mut tx = auth.store.begin().await?;
    // The organization first, as everywhere: what whoever invited may there stays so until the end.
    if !tx.lock_organization(&found.organization_id).await? {
        return Err(ErrorCode::LinkExpired.into());
    }
    let row = tx.invitation(&found.id).await?.ok_or(ErrorCode::LinkExpired)?;
    require_open(auth, &row)?;
    if join(auth, &mut tx, caller, &row, context).await? {
        let message = OrganizationMessage::InvitationAccepted {
            name: session.name,
            organization: row.organization,
            link: format!("{}/orgs/{}/members", auth.public_url, row.organization_id.as_str()),
        }
        .into();
        auth.promise_mail(&mut tx, &Mail { to: inviter.email, locale: inviter.locale, message }).await?;
    }
    tx.commit().await?;
    auth.wake_worker();
    Ok(JoinedOrganization { id: row.organization_id, slug: row.slug })
}

/// Consumes the invitation and adds the member; `false` when they were one before.
async fn join(
    auth: &Auth,
    tx: &mut Transaction,
    caller: &Caller,
    row: &InvitationRow,
    context: &Context,
) -> Result<bool> {
    let now = auth.now();
    let user = tx.hold_owner(&caller.user_id, now).await?.ok_or(ErrorCode::SignedOut)?;
    // Asked again now that the account is held: its address may have changed, and its session ended.
    if !tx.is_live_session(&caller.session_id, now).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    if user.email != row.email {
        return Err(ErrorCode::WrongAccount.into());
    }
    let given = tx.use_invitation(&row.id, &user.email, now).await?.ok_or(ErrorCode::LinkExpired)?;
    let is_new = tx
        .add_membership(NewMembership {
            organization_id: &row.organization_id,
            user_id: &user.id,
            role: &given.role,
            department: given.department.as_deref(),
            joined_at: now,
        })
        .await?;
    tx.set_session_organization(&caller.session_id, Some(&row.organization_id)).await?;
    tx.bump_token_version(&user.id, now).await?;
    let line = AuditLine::of(EventKind::InvitationAccepted)
        .about(&user.id)
        .by(&user.id, Some(&caller.session_id))
        .within(&row.organization_id)
        .with(row.id.as_str())
        .changed("role", None, row.grant.as_ref().map(|grant| grant.name.as_str()));
    auth.record(tx, line, context).await?;
    Ok(is_new)
}

fn require_open(auth: &Auth, row: &InvitationRow) -> Result<()> {
    if row.state(auth.now()) == InvitationState::Open { Ok(()) } else { Err(ErrorCode::LinkExpired.into()) }
}

/// The invitation of the caller's address that a code is of. A try is spent before it is compared, whatever comes of it.
async fn invitation_of_code(
    auth: &Auth,
    session: &SessionRow,
    organization: Option<&str>,
    code: &VerificationCode,
) -> Result<InvitationId> {
    let now = auth.now();
    let organization = match organization {
        Some(id) => OrganizationId::parse(id).ok_or(ErrorCode::LinkExpired)?.0,
        None => String::new(),
    };
    let mut tx = auth.store.begin().await?;
    let tries = tx.try_invitation_codes(&session.email, &organization, now).await?;
    tx.commit().await?;
    for tried in tries {
        if bool::from(code_mac(auth, &tried.id, code).as_bytes().ct_eq(tried.code_mac.as_bytes())) {
            return Ok(tried.id);
        }
    }
    Err(match auth.store.tries_of_invitations(&session.email, &organization, now).await? {
        Some(tries) if tries < MAX_WRONG_CODES => ErrorCode::WrongCode.into(),
        Some(_) => ErrorCode::CodeExhausted.into(),
        None => ErrorCode::LinkExpired.into(),
    })
}

//! What whoever has the link of an invitation sees of it, signed in or not.

use secrecy::SecretString;

use crate::crypto::{Purpose, token_digest};
use crate::organization::OrganizationRole;
use crate::session::Caller;
use crate::store::InvitationRow;
use crate::view::{InvitationReader, InvitationShown, InvitationState};
use crate::{Auth, ErrorCode, Result};

/// An invitation that can be accepted. Changes nothing: mail scanners open links, too.
///
/// # Errors
/// [`ErrorCode::LinkExpired`] for a link that is used, replaced, taken back, too old or invented, and for one whose
/// inviter may not invite any more. [`ErrorCode::SignedOut`] when the caller's session ended meanwhile.
pub async fn show_invitation(auth: &Auth, caller: Option<&Caller>, token: &SecretString) -> Result<InvitationShown> {
    // Open to everybody: the link is the permission.
    let digest = token_digest(Purpose::InvitationLink, token);
    let row = auth.store.invitation_by_link(&digest).await?.ok_or(ErrorCode::LinkExpired)?;
    if row.state(auth.now()) != InvitationState::Open {
        return Err(ErrorCode::LinkExpired.into());
    }
    let reader = match caller {
        None => InvitationReader::SignedOut,
        Some(caller) => reader_of(auth, caller, &row).await?,
    };
    let grant = row.grant.ok_or(ErrorCode::LinkExpired)?;
    Ok(InvitationShown {
        organization: row.organization,
        slug: row.slug,
        inviter: row.inviter,
        email: row.email,
        role_name: grant.name,
        is_built_in: matches!(row.role, OrganizationRole::BuiltIn(_)),
        expires_at: row.expires_at,
        factor_required: row.factor_required_from.is_some(),
        reader,
    })
}

async fn reader_of(auth: &Auth, caller: &Caller, row: &InvitationRow) -> Result<InvitationReader> {
    if auth.session_of(caller).await?.email != row.email {
        return Ok(InvitationReader::Other);
    }
    let membership = auth.store.membership(&row.organization_id, &caller.user_id).await?;
    Ok(if membership.is_some() { InvitationReader::Member } else { InvitationReader::Invited })
}

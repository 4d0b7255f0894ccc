//! Leaving an organization.

use crate::audit::AuditLine;
use crate::id::OrganizationId;
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Takes the caller out of an organization, whatever they may there and whatever it demands of its members: nobody is
/// held. In somebody else's place nobody leaves: to be in it belongs to the person.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::ReadOnly`] in the place of somebody else; [`ErrorCode::NotFound`] for who is not
/// in it; [`ErrorCode::LastOwner`].
pub async fn leave_organization(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    context: &Context,
) -> Result<()> {
    if auth.session_of(caller).await?.impersonation.is_some() {
        return Err(ErrorCode::ReadOnly.into());
    }
    let id = OrganizationId::parse(organization.as_str()).ok_or(ErrorCode::NotFound)?;
    // Whoever is not in it does not hold it up.
    auth.store.membership(&id, &caller.user_id).await?.ok_or(ErrorCode::NotFound)?;
    let mut tx = auth.store.begin().await?;
    if !tx.lock_organization(&id).await? {
        return Err(ErrorCode::NotFound.into());
    }
    let member = tx.membership(&id, &caller.user_id).await?.ok_or(ErrorCode::NotFound)?;
    if member.role.is_owner() && !tx.has_other_owner(&id, &caller.user_id).await? {
        return Err(ErrorCode::LastOwner.into());
    }
    tx.pass_documents_on(&id, &caller.user_id).await?;
    tx.remove_membership(&id, &caller.user_id).await?;
    tx.bump_token_version(&caller.user_id, auth.now()).await?;
    let line = AuditLine::of(EventKind::MemberLeft).by(&caller.user_id, Some(&caller.session_id)).within(&id).changed(
        "role",
        Some(&member.role_name),
        None,
    );
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(())
}

//! Joining an organization by the domain of one's address: at the moment the address is proved, and never for an account
//! that somebody else has. The organization proved that the domain is its own, and an owner wants people of it to join.

use crate::audit::AuditLine;
use crate::id::UserId;
use crate::organization::{BuiltInRole, MailDomain, OrganizationRole};
use crate::session::Caller;
use crate::store::{DomainJoin, NewMembership, Transaction};
use crate::view::{InvitationState, JoinedByDomain};
use crate::{Auth, Context, Email, EventKind, Result};

/// Seconds in which the record must have been seen. It is looked for each day; whoever got hold of a domain that was given
/// up answers for its mail and is silent about its record, and silence takes nobody's domain.
const SEEN_WITHIN: i64 = 3 * 24 * 60 * 60;

/// The organization that whoever proves this address joins by themselves, held to the end of the transaction. None when
/// there is none. Comes before the account is held, as everywhere.
pub(super) async fn hold_organization_of_domain(
    auth: &Auth,
    tx: &mut Transaction,
    email: &Email,
) -> Result<Option<DomainJoin>> {
    if auth.domains.is_none() {
        return Ok(None);
    }
    let (domain, seen_since) = (MailDomain::of(email), auth.now().minus_seconds(SEEN_WITHIN));
    let Some(found) = tx.domain_join(&domain, seen_since).await? else { return Ok(None) };
    if !tx.lock_organization(&found.organization_id).await? {
        return Ok(None);
    }
    // Asked again now that it is held.
    let again = tx.domain_join(&domain, seen_since).await?;
    Ok(again.filter(|again| again.organization_id == found.organization_id))
}

/// Adds whoever proved the address. Not who is invited: they are asked, and may get another role.
pub(super) async fn join_by_domain(
    auth: &Auth,
    tx: &mut Transaction,
    join: &DomainJoin,
    (user, email): (&UserId, &Email),
    context: &Context,
) -> Result<()> {
    let (now, organization, domain) = (auth.now(), &join.organization_id, MailDomain::of(email));
    if let Some(id) = tx.waiting_invitation(organization, email).await?
        && tx.invitation(&id).await?.is_some_and(|row| row.state(now) == InvitationState::Open)
    {
        return Ok(());
    }
    // A role that is gone meanwhile, or looks after the organization by now, gives nobody more than seeing.
    let permissions = match &join.role {
        OrganizationRole::BuiltIn(role) => Some(role.permissions()),
        OrganizationRole::Custom(id) => tx.organization_role(organization, id).await?.map(|role| role.permissions),
    };
    let is_fit = permissions.is_some_and(|permissions| !permissions.look_after());
    let role = if is_fit { join.role.clone() } else { OrganizationRole::BuiltIn(BuiltInRole::Viewer) };
    let new =
        NewMembership { organization_id: organization, user_id: user, role: &role, department: None, joined_at: now };
    if !tx.add_membership(new).await? {
        return Ok(());
    }
    tx.bump_token_version(user, now).await?;
    tx.note_domain_join(user, organization, &domain, now).await?;
    let line = AuditLine::of(EventKind::OrganizationJoinedByDomain)
        .about(user)
        .by(user, None)
        .within(organization)
        .with(domain.as_str());
    auth.record(tx, line, context).await
}

/// Organizations that the caller joined by the domain of their address, and was not told of yet.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn list_domain_joins(auth: &Auth, caller: &Caller) -> Result<Vec<JoinedByDomain>> {
    auth.session_of(caller).await?;
    Ok(auth.store.domain_joins_of(&caller.user_id).await?)
}

/// The caller knows.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn forget_domain_joins(auth: &Auth, caller: &Caller) -> Result<()> {
    auth.session_of(caller).await?;
    let mut tx = auth.store.begin().await?;
    tx.forget_domain_joins(&caller.user_id).await?;
    tx.commit().await?;
    Ok(())
}

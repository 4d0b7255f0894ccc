//! The mail domains of an organization: claimed, listed, given a rule, given back.

use secrecy::ExposeSecret;
use std::sync::Arc;

use super::invitation_mail::role_to_give;
use super::organization_permission::{InOrganization, require_in_organization};
use crate::audit::AuditLine;
use crate::dns::DomainResolver;
use crate::id::{DomainId, OrganizationId};
use crate::organization::{MailDomain, OrganizationPermission, OrganizationRole};
use crate::session::Caller;
use crate::store::DomainRow;
use crate::view::{DomainItem, DomainState};
use crate::{Auth, Context, ErrorCode, EventKind, Field, FieldIssue, Refusal, Result, Timestamp};

/// Domains of an organization.
const MOST: i64 = 20;
/// What stands before the token in the record.
const RECORD: &str = "keywright-verification=";

/// The caller within an organization, where domains may be claimed at all, and who looks up their records.
///
/// # Errors
/// Those of [`require_in_organization`]; [`ErrorCode::NotFound`] where nobody may claim one.
pub(super) async fn require_domains(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    permission: OrganizationPermission,
    context: &Context,
) -> Result<(InOrganization, Arc<dyn DomainResolver>)> {
    let within = require_in_organization(auth, caller, organization, permission, context).await?;
    let resolver = auth.domains.clone().ok_or(ErrorCode::NotFound)?;
    Ok((within, resolver))
}

/// Claims a domain, and says which record proves it. One that the organization claimed before is claimed still.
///
/// # Errors
/// Those of [`require_in_organization`]; [`FieldIssue::DomainTaken`] of [`Field::Domain`]; [`ErrorCode::TooMany`] beyond
/// 20.
pub async fn claim_domain(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    domain: MailDomain,
    context: &Context,
) -> Result<DomainItem> {
    let permission = OrganizationPermission::ManageDomains;
    let (within, _) = require_domains(auth, caller, organization, permission, context).await?;
    if auth.store.is_domain_taken(&within.organization.id, &domain).await? {
        return Err(taken());
    }
    let now = auth.now();
    let row = DomainRow {
        id: DomainId(auth.random.id(now)),
        organization_id: within.organization.id.clone(),
        domain,
        token: auth.random.token().expose_secret().to_owned(),
        created_at: now,
        verified_at: None,
        checked_at: Timestamp(0),
        missing_since: None,
        lost_at: None,
        join_role: None,
    };
    let mut tx = auth.store.begin().await?;
    let within = within.held(auth, &mut tx, permission, context).await?;
    let organization = &within.organization.id;
    let is_full = tx.count_domains(organization).await? >= MOST;
    if !tx.insert_domain(&row).await? {
        tx.rollback().await?;
        let mut own = auth.store.domains_of(organization).await?.into_iter();
        let found = own.find(|found| found.domain == row.domain).ok_or(ErrorCode::ChangedMeanwhile)?;
        return Ok(domain_item(auth, found));
    }
    if is_full {
        return Err(ErrorCode::TooMany.into());
    }
    let line = AuditLine::of(EventKind::OrganizationDomainClaimed)
        .by(&caller.user_id, Some(&caller.session_id))
        .within(organization)
        .with(row.domain.as_str());
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(domain_item(auth, row))
}

/// The domains of an organization, in their order.
///
/// # Errors
/// Those of [`require_in_organization`].
pub async fn list_domains(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    context: &Context,
) -> Result<Vec<DomainItem>> {
    let permission = OrganizationPermission::ReadDomains;
    let (within, _) = require_domains(auth, caller, organization, permission, context).await?;
    let rows = auth.store.domains_of(&within.organization.id).await?;
    Ok(rows.into_iter().map(|row| domain_item(auth, row)).collect())
}

/// Sets the role of people who prove an address of a domain: they join by themselves from now on. None: they do not.
///
/// # Errors
/// Those of [`require_in_organization`]; [`ErrorCode::NotFound`] for a domain that is none of the organization;
/// [`FieldIssue::Unknown`] and [`FieldIssue::BeyondOwn`] of [`Field::Role`]: nobody looks after the organization who
/// came by themselves.
pub async fn change_domain(
    auth: &Auth,
    caller: &Caller,
    (organization, domain): (&OrganizationId, &DomainId),
    join_role: Option<OrganizationRole>,
    context: &Context,
) -> Result<DomainItem> {
    let permission = OrganizationPermission::ManageDomains;
    let (within, _) = require_domains(auth, caller, organization, permission, context).await?;
    let id = DomainId::parse(domain.as_str()).ok_or(ErrorCode::NotFound)?;
    let before = auth.store.domain(&within.organization.id, &id).await?.ok_or(ErrorCode::NotFound)?;
    let mut tx = auth.store.begin().await?;
    let within = within.held(auth, &mut tx, permission, context).await?;
    let organization = &within.organization.id;
    if let Some(role) = &join_role
        && role_to_give(&mut tx, &within, role).await?.permissions.look_after()
    {
        return Err(Refusal::invalid(vec![(Field::Role, FieldIssue::BeyondOwn)]).into());
    }
    let name = tx.set_join_role(organization, &id, join_role.as_ref()).await?.ok_or(ErrorCode::NotFound)?;
    if before.join_role != join_role {
        let old = before.join_role.as_ref().map(OrganizationRole::as_str);
        let line = AuditLine::of(EventKind::OrganizationDomainRuleChanged)
            .by(&caller.user_id, Some(&caller.session_id))
            .within(organization)
            .with(name.as_str())
            .changed("join_role", old, join_role.as_ref().map(OrganizationRole::as_str));
        auth.record(&mut tx, line, context).await?;
    }
    tx.commit().await?;
    let row = auth.store.domain(organization, &id).await?.ok_or(ErrorCode::NotFound)?;
    Ok(domain_item(auth, row))
}

/// Gives a domain back. Its people stay members.
///
/// # Errors
/// Those of [`require_in_organization`]; [`ErrorCode::NotFound`] for a domain that is none of the organization.
pub async fn release_domain(
    auth: &Auth,
    caller: &Caller,
    (organization, domain): (&OrganizationId, &DomainId),
    context: &Context,
) -> Result<()> {
    let permission = OrganizationPermission::ManageDomains;
    let (within, _) = require_domains(auth, caller, organization, permission, context).await?;
    let id = DomainId::parse(domain.as_str()).ok_or(ErrorCode::NotFound)?;
    let mut tx = auth.store.begin().await?;
    let within = within.held(auth, &mut tx, permission, context).await?;
    let organization = &within.organization.id;
    let name = tx.delete_domain(organization, &id).await?.ok_or(ErrorCode::NotFound)?;
    let line = AuditLine::of(EventKind::OrganizationDomainReleased)
        .by(&caller.user_id, Some(&caller.session_id))
        .within(organization)
        .with(name.as_str());
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(())
}

/// What the record of a domain must say.
pub(crate) fn record_of(row: &DomainRow) -> String {
    format!("{RECORD}{}", row.token)
}

/// The refusal of a domain that another organization proved.
pub(super) fn taken() -> crate::Error {
    Refusal::invalid(vec![(Field::Domain, FieldIssue::DomainTaken)]).into()
}

/// A domain as its organization sees it.
pub(super) fn domain_item(auth: &Auth, row: DomainRow) -> DomainItem {
    let state = match (row.verified_at, row.missing_since, row.lost_at) {
        (Some(_), Some(_), _) => DomainState::Missing,
        (Some(_), None, _) => DomainState::Verified,
        (None, _, Some(_)) => DomainState::Lost,
        (None, _, None) => DomainState::Claimed,
    };
    let grace = auth.lifetimes.domain_without_record;
    DomainItem {
        record: record_of(&row),
        state,
        created_at: row.created_at,
        checked_at: Some(row.checked_at).filter(|at| at.0 > 0),
        lost_at: row.missing_since.map(|since| since.plus_seconds(grace)),
        join_role: row.join_role.map(|role| role.as_str().to_owned()),
        id: row.id,
        domain: row.domain,
    }
}

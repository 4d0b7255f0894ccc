//! Looking for the record that proves a mail domain. It is looked for with no transaction open: somebody else's server
//! answers, or does not.

use super::organization_domain::{domain_item, record_of, require_domains, taken};
use crate::audit::AuditLine;
use crate::id::{DomainId, OrganizationId};
use crate::organization::OrganizationPermission;
use crate::session::Caller;
use crate::view::DomainItem;
use crate::{Auth, Context, ErrorCode, EventKind, Refusal, Result};

/// Seconds between two looks at one record.
const BETWEEN: i64 = 10;

/// Looks for the record, and says how the domain stands: what was not found may still be on its way through the DNS.
///
/// # Errors
/// Those of [`super::require_in_organization`]; [`ErrorCode::NotFound`] for a domain that is none of the organization;
/// [`ErrorCode::TooSoon`] within 10 seconds of the last look; [`ErrorCode::DnsUnavailable`] when no server answers;
/// [`crate::FieldIssue::DomainTaken`] of [`crate::Field::Domain`] when another organization was faster.
pub async fn check_domain(
    auth: &Auth,
    caller: &Caller,
    (organization, domain): (&OrganizationId, &DomainId),
    context: &Context,
) -> Result<DomainItem> {
    let permission = OrganizationPermission::ManageDomains;
    let (within, resolver) = require_domains(auth, caller, organization, permission, context).await?;
    let organization = &within.organization.id;
    let id = DomainId::parse(domain.as_str()).ok_or(ErrorCode::NotFound)?;
    let row = auth.store.domain(organization, &id).await?.ok_or(ErrorCode::NotFound)?;
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if !tx.begin_domain_check(&id, now.minus_seconds(BETWEEN), now).await? {
        return Err(Refusal::retry_after(ErrorCode::TooSoon, 10).into());
    }
    tx.commit().await?;
    let texts = resolver.texts(row.domain.as_str()).await.map_err(|error| {
        tracing::info!(error = format!("{error:#}"), "the record of a mail domain was not looked up");
        ErrorCode::DnsUnavailable
    })?;
    let is_there = texts.contains(&record_of(&row));

    let mut tx = auth.store.begin().await?;
    if !is_there {
        tx.miss_domain(&id, now).await?;
    } else if !tx.verify_domain(&id, now).await? {
        return Err(taken());
    } else if row.verified_at.is_none() {
        let line = AuditLine::of(EventKind::OrganizationDomainVerified)
            .by(&caller.user_id, Some(&caller.session_id))
            .within(organization)
            .with(row.domain.as_str());
        auth.record(&mut tx, line, context).await?;
    }
    tx.commit().await?;
    let row = auth.store.domain(organization, &id).await?.ok_or(ErrorCode::NotFound)?;
    Ok(domain_item(auth, row))
}

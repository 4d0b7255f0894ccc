//! Whether the members of an organization must have a second factor.
//!
//! From when each of them must follows from two rows that are there anyway: that of the organization and that of the
//! membership. So whoever joins has the whole grace, and whoever leaves owes nothing any more.

use super::organization_permission::require_in_organization;
use super::reauthenticate::require_fresh;
use crate::audit::AuditLine;
use crate::id::OrganizationId;
use crate::organization::OrganizationPermission;
use crate::session::Caller;
use crate::view::FactorRule;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Demands a second factor of the members from now on, or no longer. What is so already changes nothing. A stolen session
/// does neither: off and on again would give everybody new days of grace.
///
/// # Errors
/// Those of [`require_in_organization`]; [`ErrorCode::ReauthenticationRequired`].
pub async fn set_organization_factor_rule(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    required: bool,
    context: &Context,
) -> Result<FactorRule> {
    let permission = OrganizationPermission::UpdateOrganization;
    let within = require_in_organization(auth, caller, organization, permission, context).await?;
    require_fresh(auth, within.session.clone()).await?;
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let within = within.held(auth, &mut tx, permission, context).await?;
    let id = &within.organization.id;
    if tx.set_organization_factor(id, required.then_some(now)).await? {
        // Where there is no grace the members owe a factor from this moment on.
        tx.bump_token_versions(id, None, now).await?;
        let words = |required: bool| Some(if required { "required" } else { "optional" });
        let line = AuditLine::of(EventKind::OrganizationFactorRuleChanged)
            .by(&caller.user_id, Some(&caller.session_id))
            .within(id)
            .changed("second_factor", words(!required), words(required));
        auth.record(&mut tx, line, context).await?;
    }
    tx.commit().await?;
    rule_of(auth, id).await
}

/// How the organization stands with its rule.
///
/// # Errors
/// Those of [`require_in_organization`].
pub async fn organization_factor_rule(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    context: &Context,
) -> Result<FactorRule> {
    let permission = OrganizationPermission::ReadMembers;
    let within = require_in_organization(auth, caller, organization, permission, context).await?;
    rule_of(auth, &within.organization.id).await
}

async fn rule_of(auth: &Auth, organization: &OrganizationId) -> Result<FactorRule> {
    let row = auth.store.organization_factors(organization).await?.ok_or(ErrorCode::NotFound)?;
    Ok(FactorRule {
        required_from: row.required_from,
        grace_days: auth.factor_policy.grace_days,
        members: row.members,
        without: row.without,
    })
}

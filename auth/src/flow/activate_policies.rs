//! Putting a version of the policies in force: a new one, or an older one again.

use super::list_policy_cases::run;
use super::permission::require_permission;
use super::reauthenticate::require_fresh_proof;
use crate::audit::AuditLine;
use crate::id::UserId;
use crate::policy::{Checked, Compiled, check_beside};
use crate::session::Caller;
use crate::view::{PolicyCaseRun, PolicyFault};
use crate::{Auth, Context, ErrorCode, EventKind, Permission, Result};

/// What came of an activation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActivatedPolicies {
    /// The version is in force, here now and on every node within a second.
    Done,
    /// It would not be accepted any more: this is wrong with it.
    Faults(Vec<PolicyFault>),
    /// Cases are not passed: these.
    CasesFailed(Vec<PolicyCaseRun>),
    /// Policies that would keep an administrator from taking them back: these.
    LocksOut(Vec<String>),
}

/// Activates a version, when it passes every case and locks no administrator out. One that is in force already is no
/// failure.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such version;
/// [`ErrorCode::ReauthenticationRequired`]; [`ErrorCode::ChangedMeanwhile`] when another version was activated, or a
/// case changed, in the same moment.
pub async fn activate_policies(
    auth: &Auth,
    caller: &Caller,
    number: i64,
    context: &Context,
) -> Result<ActivatedPolicies> {
    let session = require_permission(auth, caller, Permission::ManagePolicies).await?;
    require_fresh_proof(auth, caller).await?;
    // Read first: whatever changes after it is found by the statement that activates.
    let seen = auth.store.policy_state().await?;
    let text = auth.store.policy_text(number).await?.ok_or(ErrorCode::NotFound)?;
    if seen.active_number == number {
        return Ok(ActivatedPolicies::Done);
    }
    let now = auth.now();
    let compiled = match judge(auth, &session.user_id, number, seen.generation + 1, text).await? {
        Ok(compiled) => compiled,
        Err(refused) => return Ok(refused),
    };
    let mut tx = auth.store.begin().await?;
    if !tx.activate_policies(number, seen, now).await? {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    let is_older = number < seen.active_number;
    let kind = if is_older { EventKind::PoliciesRolledBack } else { EventKind::PoliciesActivated };
    let (old, new) = (seen.active_number.to_string(), number.to_string());
    let line = AuditLine::of(kind).by(&session.user_id, Some(&session.id)).with(new.as_str());
    auth.record(&mut tx, line.changed("active_version", Some(&old), Some(&new)), context).await?;
    tx.commit().await?;
    auth.policies.replace(*compiled);
    Ok(ActivatedPolicies::Done)
}

/// The policies of a version, ready to be put in force by this administrator, or what stands against it.
pub(super) async fn judge(
    auth: &Auth,
    administrator: &UserId,
    number: i64,
    generation: i64,
    text: String,
) -> Result<std::result::Result<Box<Compiled>, ActivatedPolicies>> {
    let compiled = match check_beside(number, generation, text, administrator.clone(), auth.now()).await? {
        Checked::Good(compiled) => compiled,
        Checked::Faults(faults) => return Ok(Err(ActivatedPolicies::Faults(faults))),
        Checked::LocksOut(policies) => return Ok(Err(ActivatedPolicies::LocksOut(policies))),
    };
    let mut failed = run(auth, &compiled).await?;
    failed.retain(|run| !run.passes());
    Ok(if failed.is_empty() { Ok(compiled) } else { Err(ActivatedPolicies::CasesFailed(failed)) })
}

//! The cases that each version of the policies must pass, and what comes of them.

use super::permission::require_permission;
use crate::policy::{Compiled, act_of};
use crate::session::Caller;
use crate::store::PolicyCaseRow;
use crate::view::{PolicyCaseItem, PolicyCaseRun};
use crate::{Auth, ErrorCode, Permission, Result};

/// Every case.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not.
pub async fn list_policy_cases(auth: &Auth, caller: &Caller) -> Result<Vec<PolicyCaseItem>> {
    require_permission(auth, caller, Permission::ReadPolicies).await?;
    items(auth).await
}

/// What a version says to every case; the one in force when none is named.
///
/// # Errors
/// As [`list_policy_cases`]; also [`ErrorCode::NotFound`] when there is no such version.
pub async fn run_policy_cases(auth: &Auth, caller: &Caller, number: Option<i64>) -> Result<Vec<PolicyCaseRun>> {
    require_permission(auth, caller, Permission::ReadPolicies).await?;
    match number {
        None => run(auth, &auth.policies.current()).await,
        Some(number) => {
            let text = auth.store.policy_text(number).await?.ok_or(ErrorCode::NotFound)?;
            run(auth, &Compiled::of(number, 0, text).await?).await
        }
    }
}

/// What policies say to every case.
pub(super) async fn run(auth: &Auth, compiled: &Compiled) -> Result<Vec<PolicyCaseRun>> {
    let cases = items(auth).await?;
    let run = |case: PolicyCaseItem| -> Result<PolicyCaseRun> {
        let decision = compiled.decide(&act_of(&case.question)?);
        Ok(PolicyCaseRun { case, is_allowed: decision.is_allowed, deciding: decision.deciding })
    };
    cases.into_iter().map(run).collect()
}

async fn items(auth: &Auth) -> Result<Vec<PolicyCaseItem>> {
    let item = |row: PolicyCaseRow| -> Result<PolicyCaseItem> {
        let question = serde_json::from_str(&row.question).map_err(anyhow::Error::from)?;
        Ok(PolicyCaseItem { id: row.id, name: row.name, question, allowed: row.allowed })
    };
    auth.store.policy_cases().await?.into_iter().map(item).collect()
}

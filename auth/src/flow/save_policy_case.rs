//! A case that each version of the policies must pass from now on.

use super::permission::require_permission;
use crate::audit::AuditLine;
use crate::form::NewPolicyCase;
use crate::id::PolicyCaseId;
use crate::policy::act_of;
use crate::session::Caller;
use crate::store::PolicyCaseRow;
use crate::view::PolicyCaseItem;
use crate::{Auth, Context, ErrorCode, EventKind, Permission, Result};

/// Most cases.
const MOST: i64 = 200;

/// Saves a case. The policies in force need not pass it: the next version must.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not; [`ErrorCode::InvalidFields`] of the question;
/// [`ErrorCode::TooMany`] cases.
pub async fn save_policy_case(
    auth: &Auth,
    caller: &Caller,
    new: NewPolicyCase,
    context: &Context,
) -> Result<PolicyCaseItem> {
    let session = require_permission(auth, caller, Permission::ManagePolicies).await?;
    let NewPolicyCase { name, question, allowed } = new;
    // A question that nobody can ask would stop every activation.
    act_of(&question)?;
    let now = auth.now();
    let json = serde_json::to_string(&question).map_err(anyhow::Error::from)?;
    // PostgreSQL keeps no zero byte.
    if json.contains("\\u0000") {
        return Err(ErrorCode::MalformedRequest.into());
    }
    let row = PolicyCaseRow { id: PolicyCaseId(auth.random.id(now)), name, allowed, question: json };
    let mut tx = auth.store.begin().await?;
    tx.bump_policy_cases().await?;
    if tx.count_policy_cases().await? >= MOST {
        return Err(ErrorCode::TooMany.into());
    }
    tx.insert_policy_case(&row, now).await?;
    let line = AuditLine::of(EventKind::PolicyCaseSaved).by(&session.user_id, Some(&session.id));
    auth.record(&mut tx, line.with(row.id.as_str()), context).await?;
    tx.commit().await?;
    Ok(PolicyCaseItem { id: row.id, name: row.name, question, allowed })
}

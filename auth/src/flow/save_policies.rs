//! Saving a version of the policies. It is not in force by that.

use super::permission::require_permission;
use super::policy_draft::keep_policy_draft;
use crate::audit::AuditLine;
use crate::form::NewPolicies;
use crate::id::PolicyVersionId;
use crate::policy::read_beside;
use crate::session::Caller;
use crate::store::NewPolicyVersion;
use crate::view::PolicyFault;
use crate::{Auth, Context, ErrorCode, EventKind, Permission, Result};

/// Most versions; each is kept.
const MOST: i64 = 10_000;

/// What came of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SavedPolicies {
    /// It is the version of this number.
    Saved(i64),
    /// Nothing was saved: this is wrong with it.
    Faults(Vec<PolicyFault>),
}

/// Reads and checks policies and saves them as a new version. A text with faults is kept as the draft of its author, so
/// that nothing typed is lost; a text that was saved takes the draft's place.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not; [`ErrorCode::TooMany`] versions.
pub async fn save_policies(auth: &Auth, caller: &Caller, new: NewPolicies, context: &Context) -> Result<SavedPolicies> {
    let session = require_permission(auth, caller, Permission::ManagePolicies).await?;
    let NewPolicies { text, note } = new;
    let now = auth.now();
    if let Err(faults) = read_beside(text.clone()).await? {
        keep_policy_draft(auth, caller, &note, &text).await?;
        return Ok(SavedPolicies::Faults(faults));
    }
    let mut tx = auth.store.begin().await?;
    let number = tx.next_policy_number().await?;
    if number > MOST {
        return Err(ErrorCode::TooMany.into());
    }
    let id = PolicyVersionId(auth.random.id(now));
    let version =
        NewPolicyVersion { id: &id, number, note: &note, author_id: &session.user_id, created_at: now, text: &text };
    tx.insert_policy_version(version).await?;
    tx.forget_policy_draft(&session.user_id).await?;
    let line = AuditLine::of(EventKind::PoliciesSaved).by(&session.user_id, Some(&session.id));
    auth.record(&mut tx, line.with(number.to_string()), context).await?;
    tx.commit().await?;
    Ok(SavedPolicies::Saved(number))
}

//! The text of policies that somebody could not save: with what is wrong with it, until it is mended or thrown away.

use super::permission::require_permission;
use crate::policy::read_beside;
use crate::session::Caller;
use crate::store::PolicyDraftRow;
use crate::view::PolicyDraft;
use crate::{Auth, Permission, Result};

/// Largest text that is kept, in bytes: whoever sent a larger one has it.
const MAX_BYTES: usize = 2 * 64 * 1024;
/// Longest note that is kept, in characters.
const MAX_NOTE: usize = 200;

/// Keeps a text that could not be saved as the caller's draft; the one from before is forgotten.
///
/// # Errors
/// As [`policy_draft`].
pub async fn keep_policy_draft(auth: &Auth, caller: &Caller, note: &str, text: &str) -> Result<()> {
    let session = require_permission(auth, caller, Permission::ManagePolicies).await?;
    // PostgreSQL keeps no zero byte.
    if text.len() > MAX_BYTES || text.contains('\0') {
        return Ok(());
    }
    let note: String = note.chars().filter(|c| !c.is_control()).take(MAX_NOTE).collect();
    let mut tx = auth.store.begin().await?;
    tx.keep_policy_draft(&session.user_id, &note, text, auth.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// The caller's draft; none without one.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not.
pub async fn policy_draft(auth: &Auth, caller: &Caller) -> Result<Option<PolicyDraft>> {
    let session = require_permission(auth, caller, Permission::ManagePolicies).await?;
    let Some(PolicyDraftRow { note, text }) = auth.store.policy_draft(&session.user_id).await? else { return Ok(None) };
    let faults = read_beside(text.clone()).await?.err().unwrap_or_default();
    Ok(Some(PolicyDraft { text, note, faults }))
}

/// Throws the caller's draft away. None is no failure.
///
/// # Errors
/// As [`policy_draft`].
pub async fn discard_policy_draft(auth: &Auth, caller: &Caller) -> Result<()> {
    let session = require_permission(auth, caller, Permission::ManagePolicies).await?;
    let mut tx = auth.store.begin().await?;
    tx.forget_policy_draft(&session.user_id).await?;
    tx.commit().await?;
    Ok(())
}

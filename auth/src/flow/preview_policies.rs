//! What would come of activating a version, without doing it.

use super::activate_policies::{ActivatedPolicies, judge};
use super::permission::require_permission;
use crate::session::Caller;
use crate::{Auth, ErrorCode, Permission, Result};

/// What would come of it; [`ActivatedPolicies::Done`] when nothing stands against it.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not, and when there is no such version.
pub async fn preview_policies(auth: &Auth, caller: &Caller, number: i64) -> Result<ActivatedPolicies> {
    let session = require_permission(auth, caller, Permission::ReadPolicies).await?;
    let text = auth.store.policy_text(number).await?.ok_or(ErrorCode::NotFound)?;
    let generation = auth.store.policy_state().await?.generation + 1;
    Ok(match judge(auth, &session.user_id, number, generation, text).await? {
        Ok(_) => ActivatedPolicies::Done,
        Err(refused) => refused,
    })
}

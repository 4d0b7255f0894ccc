//! Making an account an administrator's, or not any more. Whoever has the machine does it, on the command
//! line: no page and no program reaches this.

use super::factor_policy::meet_role;
use crate::{Auth, Context, Email, ErrorCode, EventKind, Result, Role};

/// Gives an account a role; `false` when it had it before. The access tokens that carry the old one are
/// over on every node within a second, and are renewed unseen.
///
/// # Errors
/// [`ErrorCode::NotFound`] when no account has this address.
pub async fn set_role(auth: &Auth, email: &Email, role: Role, context: &Context) -> Result<bool> {
    let mut tx = auth.store.begin().await?;
    let id = tx.user_id_by_email(email).await?.ok_or(ErrorCode::NotFound)?;
    if !tx.set_user_role(&id, role).await? {
        return Ok(false);
    }
    meet_role(auth, &mut tx, &id, role).await?;
    tx.bump_token_version(&id, auth.now()).await?;
    auth.audit(&mut tx, EventKind::UserRoleChanged, (Some(&id), None), context).await?;
    tx.commit().await?;
    Ok(true)
}

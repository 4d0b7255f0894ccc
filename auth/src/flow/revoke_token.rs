//! Revoking one personal access token, such as that of a program one no longer uses.

use uuid::Uuid;

use crate::id::TokenId;
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Revokes a token of the caller: it is refused at its next request, on every node. One that was revoked
/// before is no failure: it is out.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a token that is not the caller's, whether it exists or not, and
/// [`ErrorCode::SignedOut`].
pub async fn revoke_token(auth: &Auth, caller: &Caller, id: &TokenId, context: &Context) -> Result<()> {
    auth.session_of(caller).await?;
    // A database need not take every text: PostgreSQL refuses a zero byte.
    if Uuid::try_parse(id.as_str()).is_err() {
        return Err(ErrorCode::NotFound.into());
    }
    let mut tx = auth.store.begin().await?;
    if tx.revoke_token(&caller.user_id, id, auth.now()).await? {
        let subject = (Some(&caller.user_id), Some(&caller.session_id));
        auth.audit(&mut tx, EventKind::TokenRevoked, subject, context).await?;
    } else if !tx.is_token_of(&caller.user_id, id).await? {
        return Err(ErrorCode::NotFound.into());
    }
    tx.commit().await?;
    Ok(())
}

//! Calling a passkey something else.

use uuid::Uuid;

use crate::id::PasskeyId;
use crate::session::Caller;
use crate::{Auth, Context, ErrorCode, EventKind, Result, TokenName};

/// Calls a passkey of the caller something else.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for a passkey that is not the caller's, whether it exists or not.
pub async fn rename_passkey(
    auth: &Auth,
    caller: &Caller,
    id: &PasskeyId,
    name: &TokenName,
    context: &Context,
) -> Result<()> {
    auth.session_of(caller).await?;
    // A database need not take every text: PostgreSQL refuses a zero byte.
    if Uuid::try_parse(id.as_str()).is_err() {
        return Err(ErrorCode::NotFound.into());
    }
    let mut tx = auth.store.begin().await?;
    if !tx.rename_passkey(&caller.user_id, id, name).await? {
        return Err(ErrorCode::NotFound.into());
    }
    let subject = (Some(&caller.user_id), Some(&caller.session_id));
    auth.audit(&mut tx, EventKind::PasskeyRenamed, subject, context).await?;
    tx.commit().await?;
    Ok(())
}

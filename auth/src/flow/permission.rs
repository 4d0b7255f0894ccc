//! What not everybody may do: the first line of each flow for administrators asks here.
//!
//! The role is that of the account as the database knows it now, never that of the access token: a role
//! that was taken ends with the next request.

use crate::session::Caller;
use crate::store::SessionRow;
use crate::{Auth, ErrorCode, Permission, Result};

/// The caller's session, when its account may do this.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not: what administrators have is
/// nobody else's business, not even that it exists.
pub async fn require_permission(auth: &Auth, caller: &Caller, permission: Permission) -> Result<SessionRow> {
    let session = auth.session_of(caller).await?;
    if session.role.grants(permission) { Ok(session) } else { Err(ErrorCode::NotFound.into()) }
}

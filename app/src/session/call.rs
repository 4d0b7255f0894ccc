//! Calling a server function as the signed-in person.

use auth::ErrorCode;
use std::future::Future;

use super::token;
use crate::error::AppError;

/// Calls `request` with a live access token. One that is not accepted, because it ended in the middle
/// of the call or for another reason, is renewed once and the call repeated: nobody sees it.
///
/// # Errors
/// What the call fails with.
pub async fn call<T, F: Future<Output = Result<T, AppError>>>(request: impl Fn() -> F) -> Result<T, AppError> {
    if token::current().is_none() {
        token::renew(None).await?;
    }
    let used = token::current();
    match request().await {
        Err(error) if matches!(error.code(), ErrorCode::InvalidToken | ErrorCode::SignedOut) => {
            token::renew(used).await?;
            request().await
        }
        answer => answer,
    }
}

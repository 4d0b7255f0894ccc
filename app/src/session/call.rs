//! Calling a server function as the signed-in person.

use std::future::Future;

use crate::error::AppError;

/// Calls `request` with a live access token. An access token that ends in the middle of the call
/// is renewed once and the call repeated: nobody sees it.
///
/// On the server the session is known from the request already.
///
/// # Errors
/// What the call fails with.
#[cfg(not(feature = "hydrate"))]
pub async fn call<T, F: Future<Output = Result<T, AppError>>>(request: impl Fn() -> F) -> Result<T, AppError> {
    request().await
}

/// Calls `request` with a live access token. An access token that ends in the middle of the call
/// is renewed once and the call repeated: nobody sees it.
///
/// # Errors
/// What the call fails with.
#[cfg(feature = "hydrate")]
pub async fn call<T, F: Future<Output = Result<T, AppError>>>(request: impl Fn() -> F) -> Result<T, AppError> {
    use super::token;
    use auth::ErrorCode;

    if token::current().is_none() {
        token::renew(None).await?;
    }
    let used = token::current();
    match request().await {
        Err(error) if matches!(error.code(), ErrorCode::TokenExpired | ErrorCode::SignedOut) => {
            token::renew(used).await?;
            request().await
        }
        answer => answer,
    }
}

/// The sign-in page that leads back to `path`.
pub fn sign_in_path(path: &str) -> String {
    let encoded: String = path
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("/sign-in?next={encoded}")
}

//! Lists that are asked for by an address.

use auth::ErrorCode;

use crate::error::AppError;

/// What is wrong with the address of a list, such as a broken cursor, is told on its page. Whatever else is wrong
/// stands instead of the page.
///
/// # Errors
/// What is not about the address: the list is not for who asks, or nobody is signed in.
pub(super) fn told<T, E: Into<AppError>>(list: Result<T, E>) -> Result<Result<T, AppError>, AppError> {
    let list: Result<T, AppError> = list.map_err(Into::into);
    match list {
        Err(error) if !matches!(error.code(), ErrorCode::MalformedRequest | ErrorCode::InvalidFields) => Err(error),
        list => Ok(list),
    }
}

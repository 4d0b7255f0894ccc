//! Ids in addresses. What is no UUID is a broken request (400); whether something has the id is asked by the flow
//! (404).

use auth::{ErrorCode, Locale};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;

use crate::problem::Refused;

/// The id of an address with one. Ask who is calling first: a stranger hears that, whatever the address.
pub fn one_id<T>(
    path: Result<Path<String>, PathRejection>,
    parse: impl FnOnce(&str) -> Option<T>,
    locale: Locale,
) -> Result<T, Refused> {
    let id = path.ok().and_then(|Path(id)| parse(&id));
    id.ok_or_else(|| Refused::new(ErrorCode::MalformedRequest, locale))
}

/// The ids of an address with two, in their order.
pub fn two_ids<A, B>(
    path: Result<Path<(String, String)>, PathRejection>,
    (first, second): (impl FnOnce(&str) -> Option<A>, impl FnOnce(&str) -> Option<B>),
    locale: Locale,
) -> Result<(A, B), Refused> {
    let ids = path.ok().and_then(|Path((a, b))| Some((first(&a)?, second(&b)?)));
    ids.ok_or_else(|| Refused::new(ErrorCode::MalformedRequest, locale))
}

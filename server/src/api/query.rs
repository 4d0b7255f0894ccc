//! Reading the query of an address, with a problem document when it cannot be read.

use auth::{Context, ErrorCode, Locale};
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::Refused;

/// The parameters behind the `?`; unknown and repeated ones are refused.
pub struct QueryOf<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for QueryOf<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refused> {
        let locale = parts.extensions.get::<Context>().map_or(Locale::default(), |context| context.locale);
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(query)) => Ok(Self(query)),
            Err(_) => Err(Refused::new(ErrorCode::MalformedRequest, locale)),
        }
    }
}

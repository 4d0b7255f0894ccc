//! Reading a JSON body, with a problem document for everything that is wrong with it.

use auth::{Context, ErrorCode, Locale};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use crate::problem::Refused;

/// A JSON body (RFC 8259) sent as `application/json`. Missing texts are read as empty, so that
/// the form names them; unknown and repeated members are refused.
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let locale = request.extensions().get::<Context>().map_or(Locale::default(), |context| context.locale);
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(Refused::new(ErrorCode::UnsupportedMediaType, locale));
        }
        let malformed = || Refused::new(ErrorCode::MalformedRequest, locale);
        let bytes = Bytes::from_request(request, state).await.map_err(|_| malformed())?;
        // Serde reads a list as the members of an object in their order: no program means that.
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            return Err(malformed());
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|_| malformed())
    }
}

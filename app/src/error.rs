//! What a server function can fail with: the refusals of the domain, and nothing of our inside.

use auth::{ErrorCode, Field, FieldIssue, Refusal};
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// A refusal on its way to a page. Serialized as the refusal itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AppError(pub Refusal);

impl AppError {
    /// Why.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// What is wrong with `field`, if anything.
    pub fn issue(&self, field: Field) -> Option<FieldIssue> {
        self.0.issue(field)
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code.as_str())
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let code = match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                ErrorCode::MalformedRequest
            }
            // The request did not get through, or the answer did not come back.
            _ => ErrorCode::Internal,
        };
        Self(code.into())
    }
}

impl From<ErrorCode> for AppError {
    fn from(code: ErrorCode) -> Self {
        Self(code.into())
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

#[cfg(feature = "ssr")]
impl From<auth::Error> for AppError {
    fn from(error: auth::Error) -> Self {
        if let auth::Error::Internal(cause) = &error {
            tracing::error!(error = format!("{cause:#}"), "a page failed");
        }
        Self(error.refusal())
    }
}

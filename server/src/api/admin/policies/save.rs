//! `POST /api/v1/admin/policies`

use auth::flow::SavedPolicies;
use auth::form::PoliciesForm;
use auth::view::PolicyFault;
use auth::{Auth, ErrorCode, flow};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::ManagePolicies;
use super::with_details::refuse;
use crate::api::body::JsonBody;
use crate::extract::Require;
use crate::problem::{Problem, Refused};

/// A version that is to be saved.
#[derive(ToSchema)]
#[schema(as = SavePolicies)]
#[expect(dead_code, reason = "the shape of `auth::form::PoliciesForm` for the document")]
struct SavePoliciesShape {
    /// The policies in Cedar, at most 64 KiB and 500 policies. The built-in ones stay, whatever is written here.
    #[schema(required = false)]
    text: String,
    /// What you say of it, at most 200 characters.
    note: Option<String>,
}

/// The version that was saved.
#[derive(Serialize, ToSchema)]
pub struct Saved {
    /// Its number.
    number: i64,
}

/// What is wrong with a text.
#[derive(Serialize)]
pub struct Faults {
    /// What is wrong, in the order of the text.
    pub faults: Vec<PolicyFault>,
}

/// A problem, with `faults`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of a refusal for the document")]
struct PolicyFaults {
    /// `invalid_fields`.
    code: String,
    /// What is wrong, in the order of the text; not there when it is the note that cannot be taken.
    #[schema(required = false)]
    faults: Vec<FaultShape>,
}

/// Something that is wrong.
#[derive(ToSchema)]
#[schema(as = PolicyFault)]
#[expect(dead_code, reason = "the shape of `auth::view::PolicyFault` for the document")]
struct FaultShape {
    /// The line, counted from 1.
    line: u32,
    /// The character of the line, counted from 1.
    column: u32,
    /// What is wrong.
    message: String,
    /// What would help.
    help: Option<String>,
}

/// Reads and checks policies and saves them as a new version. It is not in force by that.
#[utoipa::path(post, path = "/admin/policies", request_body = SavePoliciesShape, tag = "policies", responses(
    (status = 201, description = "The version.", body = Saved),
    (status = 401, description = "`signed_out` or `invalid_token`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: without `policies:manage`", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "`too_many` versions", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "`too_large`", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "`invalid_fields`, with `faults` by line and column", body = PolicyFaults, content_type = "application/problem+json"),
))]
pub async fn admin_save_policies(
    State(auth): State<Auth>,
    author: Require<ManagePolicies>,
    body: Result<JsonBody<PoliciesForm>, Refused>,
) -> Result<Response, Refused> {
    let (caller, context) = (author.caller, author.context);
    let JsonBody(form) = body?;
    let new = form.parse().map_err(|refusal| Refused::new(refusal, context.locale))?;
    let saved = flow::save_policies(&auth, &caller, new, &context).await;
    Ok(match saved.map_err(|error| Refused::from_error(&error, context.locale))? {
        SavedPolicies::Saved(number) => (StatusCode::CREATED, Json(Saved { number })).into_response(),
        SavedPolicies::Faults(faults) => refuse(ErrorCode::InvalidFields, context.locale, Faults { faults }),
    })
}

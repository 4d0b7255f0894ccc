//! `/api/v1/admin/policies`: writing, checking and activating policies, for programs.

use auth::{ErrorCode, Locale, Permission};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;

use crate::extract::{Guard, Needed};
use crate::problem::Refused;

pub mod activate;
pub mod explain;
pub mod list;
pub mod list_cases;
pub mod matrix;
pub mod remove_case;
pub mod run_cases;
pub mod save;
pub mod save_case;
pub mod show;
mod with_details;

/// Who may see policies, and ask them.
pub struct ReadPolicies;

impl Guard for ReadPolicies {
    const NEEDED: Needed = Needed::OnPlatform(Permission::ReadPolicies);
}

/// Who may write and activate them.
pub struct ManagePolicies;

impl Guard for ManagePolicies {
    const NEEDED: Needed = Needed::OnPlatform(Permission::ManagePolicies);
}

/// The version that an address names by its number.
fn number_of(path: Result<Path<String>, PathRejection>, locale: Locale) -> Result<i64, Refused> {
    let number = path.ok().and_then(|Path(text)| text.parse::<u32>().ok());
    number.map(i64::from).ok_or_else(|| Refused::new(ErrorCode::MalformedRequest, locale))
}

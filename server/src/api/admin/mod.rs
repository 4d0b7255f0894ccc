//! `/api/v1/admin`: what administrators do, for programs. To everybody else who is signed in there is
//! nothing at these addresses.

use auth::session::Caller;
use auth::{Auth, Locale, Permission, flow};

use super::query::QueryOf;
use crate::problem::Refused;

pub mod end_session;
pub mod list_keys;
pub mod list_sessions;
pub mod list_users;
pub mod reset_factors;
pub mod revoke_key;
pub mod rotate_keys;
pub mod show_session;

/// The query of a list, once it is sure that the caller may see one. To others nothing is there, however
/// they ask.
async fn query_of<T>(
    auth: &Auth,
    caller: &Caller,
    query: Result<QueryOf<T>, Refused>,
    locale: Locale,
) -> Result<T, Refused> {
    let permitted = flow::require_permission(auth, caller, Permission::ReadUsers).await;
    permitted.map_err(|error| Refused::from_error(&error, locale))?;
    query.map(|QueryOf(wanted)| wanted)
}

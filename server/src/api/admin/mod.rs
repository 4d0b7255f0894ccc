//! `/api/v1/admin`: what administrators do, for programs. To everybody else who is signed in there is
//! nothing at these addresses.

use auth::id::UserId;
use auth::session::Caller;
use auth::{Auth, ErrorCode, Locale, Permission, flow};
use axum::extract::Path;
use axum::extract::rejection::PathRejection;

use super::body::JsonBody;
use super::query::QueryOf;
use crate::problem::Refused;

pub mod bulk_act;
pub mod bulk_preview;
pub mod close_organization;
pub mod end_impersonation;
pub mod end_session;
pub mod end_sessions;
pub mod export_users;
pub mod list_anomalies;
pub mod list_browser_reports;
pub mod list_keys;
pub mod list_organization_members;
pub mod list_organizations;
pub mod list_sessions;
pub mod list_users;
pub mod policies;
pub mod remove_factor;
pub mod reopen_organization;
pub mod reset_factors;
pub mod revoke_key;
pub mod rotate_keys;
pub mod send_reset;
pub mod set_role;
pub mod show_health;
pub mod show_organization;
pub mod show_session;
pub mod show_settings;
pub mod show_statistics;
pub mod show_user;
mod shown_checks;
pub mod start_impersonation;
pub mod suspend_user;
pub mod unsuspend_user;

/// Where programs ask, and as whom.
pub(super) struct Asking<'a> {
    pub(super) auth: &'a Auth,
    pub(super) caller: &'a Caller,
    pub(super) locale: Locale,
}

impl Asking<'_> {
    /// What was sent, once it is sure that the caller may do something here. To others nothing is there, however they
    /// ask.
    pub(super) async fn permitted<T>(&self, permission: Permission, sent: Result<T, Refused>) -> Result<T, Refused> {
        match sent {
            Ok(sent) => Ok(sent),
            Err(refused) => {
                let permitted = flow::require_permission(self.auth, self.caller, permission).await;
                Err(permitted.err().map_or(refused, |error| Refused::from_error(&error, self.locale)))
            }
        }
    }

    /// The body of a call.
    pub(super) async fn body<T>(
        &self,
        permission: Permission,
        body: Result<JsonBody<T>, Refused>,
    ) -> Result<T, Refused> {
        self.permitted(permission, body).await.map(|JsonBody(sent)| sent)
    }

    /// The account of a path. What is no id at all is told from an id that nobody has.
    pub(super) async fn user(
        &self,
        permission: Permission,
        id: Result<Path<String>, PathRejection>,
    ) -> Result<UserId, Refused> {
        let id = id.ok().and_then(|Path(id)| UserId::parse(&id));
        self.permitted(permission, id.ok_or_else(|| Refused::new(ErrorCode::MalformedRequest, self.locale))).await
    }
}

/// The query of a list, once it is sure that the caller may see one. To others nothing is there, however
/// they ask.
async fn query_of<T>(
    auth: &Auth,
    caller: &Caller,
    query: Result<QueryOf<T>, Refused>,
    locale: Locale,
) -> Result<T, Refused> {
    permitted_query(auth, caller, Permission::ReadUsers, query, locale).await
}

/// The same for a list of something else.
async fn permitted_query<T>(
    auth: &Auth,
    caller: &Caller,
    permission: Permission,
    query: Result<QueryOf<T>, Refused>,
    locale: Locale,
) -> Result<T, Refused> {
    let permitted = flow::require_permission(auth, caller, permission).await;
    permitted.map_err(|error| Refused::from_error(&error, locale))?;
    query.map(|QueryOf(wanted)| wanted)
}

/// An id of the address as text; what cannot be read as text is no id.
fn id_text(id: Result<Path<String>, PathRejection>) -> String {
    id.map(|Path(id)| id).unwrap_or_default()
}

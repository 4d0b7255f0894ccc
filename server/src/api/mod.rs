//! REST under `/api/v1`: the same flows as the pages, one verb a file. Each file documents itself;
//! `routes` and the OpenAPI document are made from the same list.

use auth::{Auth, ErrorCode};
use axum::Router;
use axum::extract::{Extension, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

mod admin;
mod any_caller;
mod body;
mod cancel_account_recovery;
mod cancel_account_recovery_by_link;
mod cancel_email_change;
mod change_avatar;
mod change_email;
mod change_me;
mod change_password;
mod codes;
mod complete_account_recovery;
mod confirm_email_change;
mod create_token;
mod docs;
mod email_change_status;
mod end_other_sessions;
mod end_session;
mod export_data;
mod factors;
mod federation;
mod forgot_password;
mod keep_account;
mod keep_account_by_link;
mod list_activity;
mod list_factors;
mod list_sessions;
mod list_tokens;
mod list_trusted_devices;
mod mailed_link;
mod me;
mod passkey;
pub mod query;
mod reauthenticate;
mod reauthenticate_passkey;
mod reauthenticate_send;
mod refresh;
mod remove_avatar;
mod request_deletion;
mod reset_password;
mod revoke_all_tokens;
mod revoke_all_trusted_devices;
mod revoke_token;
mod revoke_trusted_device;
mod second_factor;
mod second_factor_passkey;
mod secure_account;
mod secure_account_by_event;
mod send_second_factor_code;
mod sign_in;
mod sign_out;
mod sign_up;
mod signed_in_answer;
mod start_account_recovery;
mod undo_email_change;
mod verify_email;

pub use docs::routes as docs_routes;

use crate::problem::Refused;

#[derive(OpenApi)]
#[openapi(
    components(schemas(
        sign_in::SecondFactorNeeded,
        federation::finish_provider::ProofNeeded,
        federation::finish_provider::AddressNeeded
    )),
    info(
        title = "Keywright",
        version = "1",
        description = "Accounts and access. Errors are application/problem+json with a stable `code` (RFC 9457). \
        A personal access token is accepted where a scope is named; everywhere else it is `insufficient_scope`."
    )
)]
struct Document;

fn router() -> OpenApiRouter<Auth> {
    OpenApiRouter::new()
        .routes(routes!(sign_up::sign_up))
        .routes(routes!(verify_email::verify_email))
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(second_factor::second_factor))
        .routes(routes!(send_second_factor_code::send_second_factor_code))
        .routes(routes!(second_factor_passkey::second_factor_passkey))
        .routes(routes!(refresh::refresh))
        .routes(routes!(sign_out::sign_out))
        .routes(routes!(me::me))
        .routes(routes!(change_me::change_me))
        .routes(routes!(change_avatar::change_avatar))
        .routes(routes!(remove_avatar::remove_avatar))
        .routes(routes!(list_sessions::list_sessions))
        .routes(routes!(end_other_sessions::end_other_sessions))
        .routes(routes!(end_session::end_session))
        .routes(routes!(list_trusted_devices::list_trusted_devices))
        .routes(routes!(revoke_all_trusted_devices::revoke_all_trusted_devices))
        .routes(routes!(revoke_trusted_device::revoke_trusted_device))
        .routes(routes!(list_activity::list_activity))
        .routes(routes!(list_tokens::list_tokens))
        .routes(routes!(create_token::create_token))
        .routes(routes!(revoke_all_tokens::revoke_all_tokens))
        .routes(routes!(revoke_token::revoke_token))
        .routes(routes!(factors::start_totp::start_totp))
        .routes(routes!(factors::remove_totp::remove_totp))
        .routes(routes!(factors::confirm_totp::confirm_totp))
        .routes(routes!(factors::make_recovery_codes::make_recovery_codes))
        .routes(routes!(passkey::options::passkey_options))
        .routes(routes!(passkey::list::list_passkeys, passkey::add::add_passkey))
        .routes(routes!(passkey::rename::rename_passkey, passkey::remove::remove_passkey))
        .routes(routes!(passkey::sign_in_options::passkey_sign_in_options))
        .routes(routes!(passkey::sign_in::passkey_sign_in))
        .routes(routes!(passkey::sign_up_options::passkey_sign_up_options))
        .routes(routes!(passkey::sign_up::passkey_sign_up))
        .routes(routes!(federation::list_providers::list_providers))
        .routes(routes!(federation::start_provider::start_provider))
        .routes(routes!(federation::finish_provider::finish_provider))
        .routes(routes!(federation::provider_sign_up::provider_sign_up))
        .routes(routes!(federation::list_connections::list_connections, federation::connect::connect))
        .routes(routes!(federation::disconnect::disconnect))
        .routes(routes!(forgot_password::forgot_password))
        .routes(routes!(reset_password::reset_password))
        .routes(routes!(change_password::change_password))
        .routes(routes!(reauthenticate::reauthenticate))
        .routes(routes!(codes::switch_on_email_codes::switch_on_email_codes))
        .routes(routes!(codes::switch_off_email_codes::switch_off_email_codes))
        .routes(routes!(codes::confirm_email_codes::confirm_email_codes))
        .routes(routes!(codes::request_phone::request_phone))
        .routes(routes!(codes::remove_phone::remove_phone))
        .routes(routes!(codes::confirm_phone::confirm_phone))
        .routes(routes!(reauthenticate_passkey::reauthenticate_passkey))
        .routes(routes!(reauthenticate_send::reauthenticate_send))
        .routes(routes!(change_email::change_email))
        .routes(routes!(email_change_status::email_change_status))
        .routes(routes!(cancel_email_change::cancel_email_change))
        .routes(routes!(confirm_email_change::confirm_email_change))
        .routes(routes!(undo_email_change::undo_email_change))
        .routes(routes!(secure_account::secure_account))
        .routes(routes!(secure_account_by_event::secure_account_by_event))
        .routes(routes!(keep_account_by_link::keep_account_by_link))
        .routes(routes!(keep_account::keep_account))
        .routes(routes!(list_factors::list_factors))
        .routes(routes!(start_account_recovery::start_account_recovery))
        .routes(routes!(cancel_account_recovery::cancel_account_recovery))
        .routes(routes!(cancel_account_recovery_by_link::cancel_account_recovery_by_link))
        .routes(routes!(complete_account_recovery::complete_account_recovery))
        .routes(routes!(export_data::export_data))
        .routes(routes!(request_deletion::request_deletion))
        .routes(routes!(admin::list_users::admin_list_users))
        .routes(routes!(admin::list_sessions::admin_list_sessions))
        .routes(routes!(admin::reset_factors::admin_reset_factors))
        .routes(routes!(admin::show_session::admin_show_session))
        .routes(routes!(admin::end_session::admin_end_session))
        .routes(routes!(admin::list_keys::admin_list_keys))
        .routes(routes!(admin::rotate_keys::admin_rotate_keys))
        .routes(routes!(admin::revoke_key::admin_revoke_key))
}

/// The routes, below `/api/v1`.
pub fn routes(auth: Auth) -> Router {
    let (routes, _) = below_api().split_for_parts();
    let routes = routes.method_not_allowed_fallback(method_not_allowed).with_state(auth);
    routes.route("/api/{*rest}", any(not_found))
}

/// The OpenAPI document.
pub fn document() -> utoipa::openapi::OpenApi {
    below_api().split_for_parts().1
}

fn below_api() -> OpenApiRouter<Auth> {
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", router())
}

/// What programs hear at an address where nothing is.
pub async fn not_found(Extension(context): Extension<auth::Context>, _request: Request) -> Response {
    Refused::new(ErrorCode::NotFound, context.locale).into_response()
}

/// What programs hear of a method that an address does not know.
pub async fn method_not_allowed(Extension(context): Extension<auth::Context>, _request: Request) -> Response {
    Refused::new(ErrorCode::MethodNotAllowed, context.locale).into_response()
}

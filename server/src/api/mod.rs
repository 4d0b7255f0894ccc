//! REST under `/api/v1`: the same flows as the pages, one verb a file. Each file documents itself;
//! `routes` and the OpenAPI document are made from the same list.

use auth::ErrorCode;
use axum::Router;
use axum::extract::{Extension, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use utoipa::OpenApi;

mod admin;
mod any_caller;
pub mod audit;
mod authorize;
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
mod contract;
mod create_token;
mod docs;
mod documents;
mod domains;
mod email_change_status;
mod end_other_sessions;
mod end_session;
mod export_data;
mod factor_rule;
mod factors;
mod federation;
mod forgot_password;
mod invitations;
mod keep_account;
mod keep_account_by_link;
mod list_activity;
mod list_factors;
mod list_sessions;
mod list_tokens;
mod list_trusted_devices;
mod mailed_link;
mod mails;
mod me;
mod organizations;
mod passkey;
mod path_id;
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
mod route_list;
mod second_factor;
mod second_factor_passkey;
mod secure_account;
mod secure_account_by_event;
mod send_second_factor_code;
mod setup;
mod sign_in;
mod sign_out;
mod sign_up;
mod signed_in_answer;
mod start_account_recovery;
mod state;
mod undo_email_change;
mod verify_email;
mod webhooks;

pub use docs::routes as docs_routes;
pub use documents::may_carry_document;
use route_list::{RouteList, routes};
pub use state::Api;

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

fn list() -> RouteList {
    RouteList::below("/api/v1")
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
        .routes(routes!(invitations::list::list_invitations, invitations::invite::invite))
        .routes(routes!(invitations::revoke::revoke_invitation))
        .routes(routes!(invitations::resend::resend_invitation))
        .routes(routes!(invitations::show::show_invitation))
        .routes(routes!(invitations::accept::accept_invitation))
        .routes(routes!(invitations::decline::decline_invitation))
        .routes(routes!(domains::list::list_domains, domains::claim::claim_domain))
        .routes(routes!(domains::change::change_domain, domains::release::release_domain))
        .routes(routes!(domains::check::check_domain))
        .routes(routes!(factor_rule::show::show_factor_rule, factor_rule::set::set_factor_rule))
        .routes(routes!(organizations::list::list_organizations, organizations::create::create_organization))
        .routes(routes!(
            organizations::show::show_organization,
            organizations::rename::rename_organization,
            organizations::request_deletion::request_organization_deletion
        ))
        .routes(routes!(organizations::keep::keep_organization))
        .routes(routes!(organizations::change_logo::change_logo, organizations::remove_logo::remove_logo))
        .routes(routes!(organizations::list_members::list_members))
        .routes(routes!(organizations::change_member::change_member, organizations::remove_member::remove_member))
        .routes(routes!(organizations::leave::leave_organization))
        .routes(routes!(organizations::transfer::transfer_ownership))
        .routes(routes!(organizations::list_roles::list_roles, organizations::create_role::create_role))
        .routes(routes!(organizations::change_role::change_role, organizations::remove_role::remove_role))
        .routes(routes!(organizations::choose::choose_organization))
        .routes(routes!(admin::list_users::admin_list_users))
        .routes(routes!(admin::export_users::admin_export_users))
        .routes(routes!(admin::bulk_preview::bulk_preview))
        .routes(routes!(admin::bulk_act::bulk_act))
        .routes(routes!(admin::show_user::admin_show_user))
        .routes(routes!(admin::suspend_user::suspend_user))
        .routes(routes!(admin::unsuspend_user::unsuspend_user))
        .routes(routes!(admin::send_reset::admin_send_reset))
        .routes(routes!(admin::set_role::admin_set_role))
        .routes(routes!(admin::start_impersonation::start_impersonation))
        .routes(routes!(admin::end_impersonation::end_impersonation))
        .routes(routes!(admin::list_sessions::admin_list_sessions, admin::end_sessions::admin_end_sessions))
        .routes(routes!(admin::remove_factor::admin_remove_factor))
        .routes(routes!(admin::reset_factors::admin_reset_factors))
        .routes(routes!(admin::show_session::admin_show_session))
        .routes(routes!(admin::end_session::admin_end_session))
        .routes(routes!(admin::list_keys::admin_list_keys))
        .routes(routes!(admin::rotate_keys::admin_rotate_keys))
        .routes(routes!(admin::revoke_key::admin_revoke_key))
        .routes(routes!(webhooks::list::list_webhooks, webhooks::create::create_webhook))
        .routes(routes!(
            webhooks::show::show_webhook,
            webhooks::change::change_webhook,
            webhooks::remove::remove_webhook
        ))
        .routes(routes!(webhooks::rotate_secret::rotate_webhook_secret))
        .routes(routes!(webhooks::test::test_webhook))
        .routes(routes!(webhooks::list_deliveries::list_webhook_deliveries))
        .routes(routes!(webhooks::show_delivery::show_webhook_delivery))
        .routes(routes!(webhooks::replay::replay_webhook_delivery))
        .routes(routes!(webhooks::list::admin_list_webhooks, webhooks::create::admin_create_webhook))
        .routes(routes!(
            webhooks::show::admin_show_webhook,
            webhooks::change::admin_change_webhook,
            webhooks::remove::admin_remove_webhook
        ))
        .routes(routes!(webhooks::rotate_secret::admin_rotate_webhook_secret))
        .routes(routes!(webhooks::test::admin_test_webhook))
        .routes(routes!(webhooks::list_deliveries::admin_list_webhook_deliveries))
        .routes(routes!(webhooks::show_delivery::admin_show_webhook_delivery))
        .routes(routes!(webhooks::replay::admin_replay_webhook_delivery))
        .routes(routes!(mails::list::admin_list_mails))
        .routes(routes!(mails::resend::admin_resend_mail))
        .routes(routes!(mails::drop::admin_drop_mail))
        .routes(routes!(documents::list::list_documents, documents::create::create_document))
        .routes(routes!(
            documents::show::show_document,
            documents::change::change_document,
            documents::delete::delete_document
        ))
        .routes(routes!(documents::change_state::change_document_state))
        .routes(routes!(documents::change_sensitivity::change_document_sensitivity))
        .routes(routes!(documents::hand_over::hand_over_document))
        .routes(routes!(admin::list_organizations::admin_list_organizations))
        .routes(routes!(admin::show_organization::admin_show_organization))
        .routes(routes!(admin::list_organization_members::admin_list_organization_members))
        .routes(routes!(admin::close_organization::admin_close_organization))
        .routes(routes!(admin::reopen_organization::admin_reopen_organization))
        .routes(routes!(admin::show_settings::admin_show_settings))
        .routes(routes!(admin::show_health::admin_show_health))
        .routes(routes!(admin::show_statistics::admin_show_statistics))
        .routes(routes!(admin::list_browser_reports::admin_list_browser_reports))
        .routes(routes!(admin::list_anomalies::admin_list_anomalies))
        .routes(routes!(setup::setup))
        .routes(routes!(authorize::authorize))
        .routes(routes!(admin::policies::list::admin_list_policies, admin::policies::save::admin_save_policies))
        .routes(routes!(
            admin::policies::list_cases::admin_list_policy_cases,
            admin::policies::save_case::admin_save_policy_case
        ))
        .routes(routes!(admin::policies::run_cases::admin_run_policy_cases))
        .routes(routes!(admin::policies::remove_case::admin_remove_policy_case))
        .routes(routes!(admin::policies::explain::admin_explain_policies))
        .routes(routes!(admin::policies::matrix::admin_policy_matrix))
        .routes(routes!(admin::policies::show::admin_show_policies))
        .routes(routes!(admin::policies::activate::admin_activate_policies))
        .routes(routes!(audit::search::search_audit))
        .routes(routes!(audit::state::audit_state))
        .routes(routes!(audit::export::export_audit))
        .routes(routes!(audit::search_organization::search_organization_audit))
        .routes(routes!(audit::export_organization::export_organization_audit))
}

/// The routes, below `/api/v1`.
pub fn routes(api: Api) -> Router {
    let routes = list().router().method_not_allowed_fallback(method_not_allowed).with_state(api);
    routes.route("/api/{*rest}", any(not_found))
}

/// The OpenAPI document.
pub fn document() -> utoipa::openapi::OpenApi {
    contract::complete(list().document(Document::openapi()))
}

/// What programs hear at an address where nothing is.
pub async fn not_found(Extension(context): Extension<auth::Context>, _request: Request) -> Response {
    Refused::new(ErrorCode::NotFound, context.locale).into_response()
}

/// What programs hear of a method that an address does not know.
pub async fn method_not_allowed(Extension(context): Extension<auth::Context>, _request: Request) -> Response {
    Refused::new(ErrorCode::MethodNotAllowed, context.locale).into_response()
}

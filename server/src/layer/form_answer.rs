//! Corrects two habits of server functions: a refusal has the status of its code, not 500, and a
//! form post is answered by 303, so that nothing is ever posted twice (RFC 9700, 4.12). What that refuses is noted
//! (`refused_later.rs`): the status does not say it.

use app::error::AppError;
use auth::weakened::{self, Defence};
use auth::{Context, ErrorCode, LocalPath};
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, LOCATION, REFERER, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::server_fn::error::ServerFnUrlError;
use url::Url;

use super::refused_later::note_refusal;
use crate::problem::{Refused, challenge};

const LIMIT: usize = 64 * 1024;
const LONGEST_QUERY: usize = 8 * 1024;

/// Corrects the answers below `/rpc/`.
pub async fn form_answer(mut request: Request, next: Next) -> Response {
    let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
    if !is_urlencoded(&request) && !weakened::is_off(Defence::Origin) {
        return Refused::new(ErrorCode::UnsupportedMediaType, locale).into_response();
    }
    let path = request.uri().path().to_owned();
    // Leptos tells a refusal on the page that the Referer names; without an address there it would tell nobody.
    if !names_page(request.headers())
        && let Ok(page) = HeaderValue::from_str(&format!("http://localhost{}", page_of(&path)))
    {
        request.headers_mut().insert(REFERER, page);
    }
    let response = next.run(request).await;
    match response.status() {
        StatusCode::FOUND => see_other(&path, response),
        StatusCode::INTERNAL_SERVER_ERROR => with_own_status(response).await,
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => Refused::new(ErrorCode::NotFound, locale).into_response(),
        StatusCode::METHOD_NOT_ALLOWED => Refused::new(ErrorCode::MethodNotAllowed, locale).into_response(),
        _ => response,
    }
}

/// Whether Leptos can tell a refusal in the address that the `Referer` is.
fn names_page(headers: &HeaderMap) -> bool {
    headers.get(REFERER).is_some_and(|referer| Url::parse(&String::from_utf8_lossy(referer.as_bytes())).is_ok())
}

/// The refusal that is told in an address. That of Leptos stands last in its query, whatever the `Referer` brought.
fn told_in(location: &str) -> Option<AppError> {
    let query = location.split('#').next()?.split_once('?')?.1;
    let told = query.split('&').filter_map(|pair| pair.strip_prefix("__err=")).next_back()?;
    // Of base64 nothing else is written in another way.
    Some(ServerFnUrlError::decode_err(&told.replace("%3D", "=")))
}

/// Leads to a page of ours and nowhere else: a refusal is sent back to the `Referer`, which is
/// whatever the sender wrote.
fn see_other(function: &str, mut response: Response) -> Response {
    *response.status_mut() = StatusCode::SEE_OTHER;
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let refusal = told_in(location);
    let local = match LocalPath::parse(location) {
        Some(path) => path.as_str().to_owned(),
        None => own_path(location, page_of(function)),
    };
    if let Ok(value) = HeaderValue::from_str(&local) {
        response.headers_mut().insert(LOCATION, value);
    }
    if let Some(refusal) = refusal {
        note_refusal(&mut response, refusal.code());
    }
    response
}

/// The path of a full address; what is not a path of ours is `fallback`. The query may be as long as that of a page on
/// which fifty accounts were picked: it decides nothing about where a browser goes.
fn own_path(location: &str, fallback: &str) -> String {
    let after_host = location.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    let own = after_host.and_then(|own| {
        let (path, query) = own.split_once('?').unwrap_or((own, ""));
        let harmless =
            query.len() <= LONGEST_QUERY && query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        LocalPath::parse(path).filter(|_| harmless).map(|_| own.to_owned())
    });
    own.unwrap_or_else(|| fallback.to_owned())
}

/// The page whose form calls a server function.
pub(super) fn page_of(function: &str) -> &'static str {
    match function {
        "/rpc/sign_up" | "/rpc/passkey_sign_up" => "/sign-up",
        "/rpc/sign_in" | "/rpc/passkey_sign_in" | "/rpc/start_fedcm" | "/rpc/fedcm_sign_in" => "/sign-in",
        "/rpc/federated_sign_up" => "/finish-sign-up",
        "/rpc/forget_pending_connection" => "/connect-account",
        // It adds a way in: whoever owes a second factor may not, so it belongs to a page that is closed to them.
        "/rpc/connect_pending" | "/rpc/disconnect_provider" => "/account/connections",
        "/rpc/second_factor" | "/rpc/send_second_factor_code" => "/two-step",
        "/rpc/verify_link" | "/rpc/verify_code" | "/rpc/resend_verification" => "/verify-email",
        "/rpc/forgot_password" => "/forgot-password",
        "/rpc/reset_by_link" | "/rpc/reset_by_code" => "/reset-password",
        "/rpc/change_name" | "/rpc/change_time_zone" | "/rpc/remove_avatar" => "/account",
        "/rpc/change_password" => "/account/security",
        "/rpc/prepare_passkey" | "/rpc/add_passkey" | "/rpc/rename_passkey" | "/rpc/remove_passkey" => {
            "/account/passkeys"
        }
        // Documents have no page that is the same for everybody.
        "/rpc/decline_passkey"
        | "/rpc/never_offer_passkey"
        | "/rpc/create_document"
        | "/rpc/change_document"
        | "/rpc/change_document_state"
        | "/rpc/change_document_sensitivity"
        | "/rpc/hand_over_document"
        | "/rpc/delete_document" => "/dashboard",
        "/rpc/change_email" | "/rpc/confirm_email_change" | "/rpc/cancel_email_change" => "/account/email",
        "/rpc/switch_on_email_codes"
        | "/rpc/confirm_email_codes"
        | "/rpc/switch_off_email_codes"
        | "/rpc/request_phone"
        | "/rpc/confirm_phone"
        | "/rpc/resend_phone_code"
        | "/rpc/cancel_phone"
        | "/rpc/remove_phone" => "/account/codes",
        "/rpc/confirm_identity" | "/rpc/send_confirm_code" => "/account/confirm",
        "/rpc/export_data" | "/rpc/delete_account" | "/rpc/keep_account" => "/account/data",
        "/rpc/secure_account_by_event" => "/account/activity",
        "/rpc/secure_account" => "/not-me",
        "/rpc/start_account_recovery" | "/rpc/complete_account_recovery" => "/recover-account",
        "/rpc/cancel_account_recovery_by_link" => "/cancel-recovery",
        "/rpc/cancel_account_recovery" => "/account/security",
        "/rpc/undo_email_change" => "/undo-email-change",
        "/rpc/keep_account_by_link" => "/keep-account",
        "/rpc/end_session" | "/rpc/end_other_sessions" => "/account/sessions",
        "/rpc/revoke_trusted_device" | "/rpc/revoke_all_trusted_devices" => "/account/trusted-devices",
        "/rpc/create_token" | "/rpc/revoke_token" | "/rpc/revoke_all_tokens" => "/account/tokens",
        "/rpc/start_totp" | "/rpc/confirm_totp" | "/rpc/remove_totp" => "/account/authenticator",
        "/rpc/make_recovery_codes" | "/rpc/recovery_codes_saved" => "/account/recovery-codes",
        "/rpc/admin_end_session"
        | "/rpc/admin_reset_factors"
        | "/rpc/admin_end_sessions"
        | "/rpc/admin_remove_factor"
        | "/rpc/admin_send_reset"
        | "/rpc/admin_set_role"
        | "/rpc/act_on_users"
        | "/rpc/suspend_user"
        | "/rpc/unsuspend_user"
        | "/rpc/start_impersonation" => "/admin/users",
        // It stands on every page.
        "/rpc/end_impersonation" => "/dashboard",
        "/rpc/rotate_keys" | "/rpc/revoke_key" => "/admin/keys",
        "/rpc/admin_resend_mail" | "/rpc/admin_drop_mail" => "/admin/mails",
        "/rpc/create_webhook"
        | "/rpc/change_webhook"
        | "/rpc/switch_webhook"
        | "/rpc/rotate_webhook_secret"
        | "/rpc/remove_webhook"
        | "/rpc/test_webhook"
        | "/rpc/replay_webhook_delivery" => "/admin/webhooks",
        "/rpc/create_organization" => "/orgs/new",
        "/rpc/choose_organization"
        | "/rpc/rename_organization"
        | "/rpc/change_logo"
        | "/rpc/remove_logo"
        | "/rpc/delete_organization"
        | "/rpc/keep_organization"
        | "/rpc/change_member"
        | "/rpc/remove_member"
        | "/rpc/leave_organization"
        | "/rpc/transfer_ownership"
        | "/rpc/create_role"
        | "/rpc/change_role"
        | "/rpc/remove_role" => "/orgs",
        "/rpc/save_policies" => "/admin/policies/edit",
        "/rpc/save_policy_case" | "/rpc/remove_policy_case" => "/admin/policies/cases",
        "/rpc/activate_policies" | "/rpc/discard_policy_draft" => "/admin/policies",
        "/rpc/explain_sign_ins" => "/what-just-happened",
        "/rpc/keep_invitation" | "/rpc/decline_invitation" => "/invitation",
        // Whoever owes a second factor joins nothing, so these belong to a page that is closed to them. Those of the pages
        // of an organization are sent back there: which one it is, only the sender says.
        "/rpc/accept_invitation"
        | "/rpc/accept_invitation_code"
        | "/rpc/invite"
        | "/rpc/resend_invitation"
        | "/rpc/revoke_invitation"
        | "/rpc/claim_domain"
        | "/rpc/check_domain"
        | "/rpc/change_domain"
        | "/rpc/release_domain"
        | "/rpc/set_factor_rule"
        | "/rpc/forget_domain_joins" => "/dashboard",
        "/rpc/complete_setup" | "/rpc/forget_setup" => "/setup",
        "/rpc/admin_close_organization" | "/rpc/admin_reopen_organization" => "/admin/organizations",
        _ => "/",
    }
}

fn is_urlencoded(request: &Request) -> bool {
    request.method() != Method::POST
        || request.headers().get(CONTENT_TYPE).is_none_or(|kind| {
            let essence = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}

async fn with_own_status(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, LIMIT).await.unwrap_or_default();
    if let Ok(AppError(refusal)) = serde_json::from_slice(&bytes) {
        parts.status = StatusCode::from_u16(refusal.code.status()).unwrap_or(parts.status);
        parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(challenge) = challenge(refusal.code) {
            parts.headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if let Some(seconds) = refusal.retry_after {
            parts.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
    Response::from_parts(parts, bytes.into())
}

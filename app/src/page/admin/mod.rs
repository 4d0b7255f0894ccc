//! The administration: all accounts, their sessions, and the keys that sign access tokens. What a page
//! shows comes from a flow that asks for the permission; who may not sees the page of an address where
//! nothing is.

use auth::ErrorCode;
use auth::view::{EndReason, Origin};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::account;
use super::account::{address_text, device_text};
use crate::error::AppError;
use crate::page::NotFound;
use crate::server;
use crate::text::t;

mod family_list;
mod family_picture;
mod keys;
mod keys_picture;
mod overview;
mod revoke_key;
mod session;
mod user;
mod users;

pub use keys::{AdminKeysPage, RotateKeys};
pub use overview::AdminPage;
pub use revoke_key::{AdminRevokeKeyPage, RevokeKey};
pub use session::{AdminEndSession, AdminSessionPage};
pub use user::{AdminResetFactors, AdminUserPage};
pub use users::AdminUsersPage;

/// The `{id}` of the address.
fn id() -> String {
    use_params_map().get_untracked().get("id").unwrap_or_default()
}

/// Instead of a page that is not there, or not for whoever asks.
fn refused(error: &AppError) -> AnyView {
    match error.code() {
        ErrorCode::NotFound => view! { <NotFound/> }.into_any(),
        // The account has a factor, and this session has not proved it: its device is trusted.
        ErrorCode::ReauthenticationRequired => {
            server::see_other(&format!("/account/confirm?next={}", server::path().unwrap_or_default()));
            ().into_any()
        }
        _ => account::refused(error),
    }
}

/// With what and from where, in words.
fn origin_text(origin: &Origin) -> String {
    let address = match &origin.address {
        Some(address) => address_text(address),
        None => t("page.admin_session.several_addresses"),
    };
    format!("{} · {address}", device_text(&origin.device))
}

/// Why a session ended, in words.
fn reason_text(reason: EndReason) -> String {
    t(match reason {
        EndReason::SignedOut => "page.admin_session.end_signed_out",
        EndReason::EndedByUser => "page.admin_session.end_by_user",
        EndReason::EndedByAdmin => "page.admin_session.end_by_admin",
        EndReason::RefreshTokenReuse => "page.admin_session.end_reuse",
        EndReason::TooManyTries => "page.admin_session.end_too_many_tries",
        EndReason::PasswordChanged => "page.admin_session.end_password_changed",
        EndReason::PasswordReset => "page.admin_session.end_password_reset",
        EndReason::NotMe => "page.admin_session.end_not_me",
        EndReason::EmailChangeUndone => "page.admin_session.end_email_undone",
        EndReason::AccountRecovered => "page.admin_session.end_account_recovered",
        EndReason::Disconnected => "page.admin_session.end_disconnected",
        EndReason::Deleted => "page.admin_session.end_deleted",
        EndReason::Idle => "page.admin_session.end_idle",
        EndReason::Expired => "page.admin_session.end_expired",
        EndReason::Other => "page.admin_session.end_other",
    })
}

//! The administration: all accounts and what is done for and to them, their sessions, the keys that sign access
//! tokens, and policies. What a page shows comes from a flow that asks for the permission; who may not sees the page of
//! an address where nothing is.

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

mod anomalies;
mod browser_reports;
mod bulk;
mod checklist;
mod close_organization;
mod family_list;
mod family_picture;
mod health;
mod impersonate;
mod keys;
mod keys_picture;
mod mails;
mod organization;
mod organizations;
mod overview;
mod policies;
mod revoke_key;
mod session;
mod settings;
mod statistics;
mod suspend;
mod suspension_form;
mod user;
mod user_acts;
mod user_filters;
mod user_mails;
mod user_sections;
mod user_table;
mod user_words;
mod users;
mod wanted_act;

pub use anomalies::AdminAnomaliesPage;
pub use browser_reports::AdminBrowserReportsPage;
pub use bulk::{ActOnUsers, AdminBulkPage};
pub use close_organization::{AdminCloseOrganization, AdminReopenOrganization};
pub use health::AdminHealthPage;
pub use impersonate::{AdminImpersonatePage, EndImpersonation, StartImpersonation};
pub use keys::{AdminKeysPage, RotateKeys};
pub use mails::{AdminDropMail, AdminMailsPage, AdminResendMail};
pub use organization::AdminOrganizationPage;
pub use organizations::AdminOrganizationsPage;
pub use overview::AdminPage;
pub(in crate::page) use policies::PATH as POLICIES_PATH;
pub use policies::{
    ActivatePolicies, DiscardPolicyDraft, PoliciesPage, PolicyCasesPage, PolicyEditPage, PolicyMatrixPage,
    PolicyVersionPage, RemovePolicyCase, SavePolicies, SavePolicyCase, WhoCanPage,
};
pub use revoke_key::{AdminRevokeKeyPage, RevokeKey};
pub use session::{AdminEndSession, AdminSessionPage};
pub use settings::AdminSettingsPage;
pub use suspend::{SuspendUser, UnsuspendUser};
pub use user::{AdminResetFactors, AdminUserPage};
pub use user_acts::{AdminEndSessions, AdminRemoveFactor, AdminSendReset, AdminSetRole};
pub use users::AdminUsersPage;

pub(super) use wanted_act::AdminAct;

/// The `{id}` of the address.
fn id() -> String {
    use_params_map().get_untracked().get("id").unwrap_or_default()
}

/// Instead of a page that is not there, or not for whoever asks.
pub(super) fn refused(error: &AppError) -> AnyView {
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
        EndReason::CodeReuse => "page.admin_session.end_code_reuse",
        EndReason::TooManyTries => "page.admin_session.end_too_many_tries",
        EndReason::TooManySessions => "page.admin_session.end_too_many_sessions",
        EndReason::PasswordChanged => "page.admin_session.end_password_changed",
        EndReason::PasswordReset => "page.admin_session.end_password_reset",
        EndReason::NotMe => "page.admin_session.end_not_me",
        EndReason::EmailChangeUndone => "page.admin_session.end_email_undone",
        EndReason::AccountRecovered => "page.admin_session.end_account_recovered",
        EndReason::Disconnected => "page.admin_session.end_disconnected",
        EndReason::Suspended => "page.admin_session.end_suspended",
        EndReason::ImpersonationEnded => "page.admin_session.end_impersonation",
        EndReason::Deleted => "page.admin_session.end_deleted",
        EndReason::Idle => "page.admin_session.end_idle",
        EndReason::Expired => "page.admin_session.end_expired",
        EndReason::Other => "page.admin_session.end_other",
    })
}

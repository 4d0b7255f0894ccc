//! Closing an organization and opening it again, once the administrator was proved; and the forms that ask for it.

use auth::Field as Name;
use auth::view::OrganizationItem;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::WantedAct;
use crate::error::AppError;
use crate::island::{Field, PostForm};
use crate::server;
use crate::text::t;

/// Closes an organization.
///
/// # Errors
/// There is none, or it is closed; the reason cannot be accepted; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "admin_close_organization")]
pub async fn admin_close_organization(
    #[server(default)] organization: String,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::CloseOrganization { organization, reason }.perform_or_ask().await
}

/// Opens a closed organization again.
///
/// # Errors
/// There is none, or it is open; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "admin_reopen_organization")]
pub async fn admin_reopen_organization(#[server(default)] organization: String) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::ReopenOrganization { organization }.perform_or_ask().await
}

/// Closing it, and what that means.
#[component]
pub(super) fn Close(item: OrganizationItem, refusal: Option<AppError>) -> impl IntoView {
    view! {
        <section class="card danger-zone">
            <h2>{t("page.admin_organization.close_title")}</h2>
            <ul class="plain-list">
                <li>{t("page.admin_organization.close_nobody")}</li>
                <li>{t("page.admin_organization.close_kept")}</li>
                <li>{t("page.admin_organization.close_told")}</li>
            </ul>
            <PostForm action=AdminCloseOrganization::PATH refusal class="form">
                <input type="hidden" name="organization" value=item.id.0/>
                <Field
                    field=Name::Reason label=t("ui.reason") autocomplete="off" maxlength=500
                    hint=t("page.admin_organization.reason_hint")
                />
                <button type="submit" class="button button-danger">{t("page.admin_organization.close_action")}</button>
            </PostForm>
        </section>
    }
    .into_any()
}

/// Opening it again.
#[component]
pub(super) fn Reopen(item: OrganizationItem, refusal: Option<AppError>) -> impl IntoView {
    view! {
        <section class="card">
            <h2>{t("page.admin_organization.reopen_title")}</h2>
            <p>{t("page.admin_organization.reopen_text")}</p>
            <PostForm action=AdminReopenOrganization::PATH refusal class="actions">
                <input type="hidden" name="organization" value=item.id.0/>
                <button type="submit" class="button button-primary">{t("page.admin_organization.reopen_action")}</button>
            </PostForm>
        </section>
    }
    .into_any()
}

//! Giving an organization into other hands, and leaving it. Apart, below the members.

use auth::flow;
use auth::organization::OrganizationPermission;
use auth::view::{MemberItem, OrganizationView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::WantedAct;
use super::act::OrganizationAct;
use super::target::Target;
use crate::error::AppError;
use crate::server;
use crate::text::t;

/// Makes another member the owner.
///
/// # Errors
/// No such member; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "transfer_ownership")]
pub async fn transfer_ownership(
    #[server(default)] organization: String,
    #[server(default)] user: String,
) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::Organization(OrganizationAct::Transfer { organization, user }).perform_or_ask().await
}

/// Takes the signed-in person out.
///
/// # Errors
/// The last owner; they are not in it; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "leave_organization")]
pub async fn leave_organization(#[server(default)] organization: String) -> Result<(), AppError> {
    let target = Target::of(&organization).await?;
    flow::leave_organization(&target.auth, &target.caller, &target.id, &target.context).await?;
    server::see_other("/orgs?note=left");
    Ok(())
}

/// The two cards. `others` are the members that are shown above.
#[component]
pub(super) fn Ownership(organization: OrganizationView, others: Vec<MemberItem>) -> impl IntoView {
    let slug = organization.slug.to_string();
    let may_transfer = organization.may(OrganizationPermission::TransferOrganization) && !others.is_empty();
    let transfer = may_transfer.then(|| view! { <Transfer slug=slug.clone() others/> });
    view! {
        {transfer}
        <section class="card danger-zone">
            <h2>{t("page.members.leave_title")}</h2>
            <p>{t("page.members.leave_text")}</p>
            <form method="post" action=LeaveOrganization::PATH class="actions">
                <input type="hidden" name="organization" value=slug/>
                <button type="submit" class="button button-danger">{t("page.members.leave")}</button>
            </form>
        </section>
    }
}

#[component]
fn Transfer(slug: String, others: Vec<MemberItem>) -> impl IntoView {
    let options = others.into_iter().map(|member| {
        let text = format!("{} ({})", member.name, member.email);
        view! { <option value=member.user_id.0>{text}</option> }
    });
    let options = options.collect_view();
    view! {
        <section class="card">
            <h2>{t("page.members.transfer_title")}</h2>
            <p>{t("page.members.transfer_text")}</p>
            <form method="post" action=TransferOwnership::PATH class="form account-form">
                <input type="hidden" name="organization" value=slug/>
                <div class="field">
                    <div class="field-head"><label for="new-owner">{t("page.members.new_owner")}</label></div>
                    <select class="input" id="new-owner" name="user" autocomplete="off">{options}</select>
                </div>
                <div class="actions">
                    <button type="submit" class="button button-secondary">{t("page.members.transfer")}</button>
                </div>
            </form>
        </section>
    }
}

//! The form that makes or changes a role. What was chosen stays when it is refused.

use auth::form::{RoleChangeForm, RoleForm};
use auth::id::OrganizationRoleId;
use auth::view::{OrganizationView, RoleItem};
use auth::{Field as Name, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::permission_boxes::PermissionBoxes;
use super::target::Target;
use crate::error::AppError;
use crate::island::{Field, PostForm};
use crate::server;
use crate::text::{issue_text, t};
use crate::ui::Submit;

/// Makes a role.
///
/// # Errors
/// A name or permissions that cannot be accepted; too many; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "create_role")]
pub async fn create_role(
    #[server(default)] organization: String,
    #[server(default)] name: String,
    #[server(default)] permissions: Vec<String>,
) -> Result<(), AppError> {
    server::caller()?;
    let outcome = create(&organization, &name, &permissions).await;
    if outcome.is_err() {
        keep_choices(&name, &permissions);
    }
    outcome
}

async fn create(organization: &str, name: &str, permissions: &[String]) -> Result<(), AppError> {
    let target = Target::of(organization).await?;
    let wanted = RoleForm { name: name.to_owned(), permissions: permissions.to_vec() }.parse()?;
    flow::create_role(&target.auth, &target.caller, &target.id, wanted, &target.context).await?;
    server::see_other(&target.page("/roles?note=created"));
    Ok(())
}

/// Changes a role.
///
/// # Errors
/// A name or permissions that cannot be accepted; no such role; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "change_role")]
pub async fn change_role(
    #[server(default)] organization: String,
    #[server(default)] role: String,
    #[server(default)] name: String,
    #[server(default)] permissions: Vec<String>,
) -> Result<(), AppError> {
    server::caller()?;
    let outcome = change(&organization, role, &name, &permissions).await;
    if outcome.is_err() {
        keep_choices(&name, &permissions);
    }
    outcome
}

async fn change(organization: &str, role: String, name: &str, permissions: &[String]) -> Result<(), AppError> {
    let target = Target::of(organization).await?;
    let form = RoleChangeForm { name: Some(name.to_owned()), permissions: Some(permissions.to_vec()) };
    let (change, role) = (form.parse()?, OrganizationRoleId(role));
    flow::change_role(&target.auth, &target.caller, (&target.id, &role), &change, &target.context).await?;
    server::see_other(&target.page("/roles?note=changed"));
    Ok(())
}

fn keep_choices(name: &str, permissions: &[String]) {
    let all: Vec<&str> = std::iter::once(name).chain(permissions.iter().map(String::as_str)).collect();
    server::keep_chosen(&all);
}

/// The card with the form: of `role` when one is changed, else of a new one.
#[component]
pub(super) fn RoleCard(
    organization: OrganizationView,
    role: Option<RoleItem>,
    refusal: Option<AppError>,
) -> impl IntoView {
    let mut chosen = if refusal.is_some() {
        server::chosen()
    } else {
        match &role {
            Some(role) => {
                let allowed = role.permissions.iter().map(|permission| permission.as_str().to_owned());
                std::iter::once(role.name.clone()).chain(allowed).collect()
            }
            None => Vec::new(),
        }
    };
    let name = if chosen.is_empty() { String::new() } else { chosen.remove(0) };
    let issue = refusal.as_ref().and_then(|refusal| refusal.issue(Name::Permissions)).map(issue_text);
    let (title, button, action) = match &role {
        Some(_) => (t("page.organization_roles.change_title"), t("page.organization_roles.save"), ChangeRole::PATH),
        None => (t("page.organization_roles.new_title"), t("page.organization_roles.create"), CreateRole::PATH),
    };
    let back = format!("/orgs/{}/roles", organization.slug);
    let cancel = role.is_some().then(|| {
        view! { <p class="form-foot"><a href=back>{t("page.organization_roles.cancel")}</a></p> }
    });
    let id = role.map(|role| view! { <input type="hidden" name="role" value=role.id/> });
    view! {
        <section class="card" id="role">
            <h2>{title}</h2>
            <p class="muted">{t("page.organization_roles.new_text")}</p>
            <PostForm action=action refusal class="form account-form">
                <input type="hidden" name="organization" value=organization.slug.to_string()/>
                {id}
                <Field
                    field=Name::Name label=t("ui.name") autocomplete="off" value=name maxlength=80
                    hint=t("page.organization_roles.name_hint")
                />
                <PermissionBoxes own=organization.permissions chosen issue/>
                <Submit label=button/>
            </PostForm>
            {cancel}
        </section>
    }
}

//! What the roles of an organization allow, and roles of its own.

use auth::flow;
use auth::id::OrganizationRoleId;
use auth::organization::OrganizationPermission;
use auth::view::{Me, OrganizationView, RoleItem};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::query;
use super::matrix::Matrix;
use super::role_form::{ChangeRole, CreateRole, RoleCard};
use super::target::Target;
use super::{refusal_text, refused, slug};
use crate::error::AppError;
use crate::island::refusal_of;
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{Notice, OrganizationArea, OrganizationShell, Tone, provide_zone};

/// Removes a role that nobody has.
///
/// # Errors
/// A member has it, or an open invitation gives it; no such role; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "remove_role")]
pub async fn remove_role(
    #[server(default)] organization: String,
    #[server(default)] role: String,
) -> Result<(), AppError> {
    let target = Target::of(&organization).await?;
    let role = OrganizationRoleId(role);
    flow::remove_role(&target.auth, &target.caller, (&target.id, &role), &target.context).await?;
    server::see_other(&target.page("/roles?note=removed"));
    Ok(())
}

/// Who asks, the organization, and its roles.
type Loaded = (Me, OrganizationView, Vec<RoleItem>);

async fn load(slug: String) -> Result<Loaded, AppError> {
    let (me, organization) = super::load(slug).await?;
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let roles = flow::list_roles(&auth, &caller, &organization.id, &context).await?;
    Ok((me, organization, roles))
}

/// The page `/orgs/{slug}/roles`.
#[component]
pub fn OrganizationRolesPage() -> impl IntoView {
    let asked = slug();
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, organization, roles)) => view! { <Roles me organization roles/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Roles(me: Me, organization: OrganizationView, roles: Vec<RoleItem>) -> impl IntoView {
    provide_zone(&me);
    let removal = refusal_of(RemoveRole::PATH);
    let (create, change) = (refusal_of(CreateRole::PATH), refusal_of(ChangeRole::PATH));
    let is_refused = [&removal, &create, &change].into_iter().any(Option::is_some);
    let note = match removal {
        Some(refusal) => Some((Tone::Danger, refusal_text(&refusal))),
        None => note_text(&query("note")).filter(|_| !is_refused).map(|text| (Tone::Ok, text)),
    };
    let edited = query("edit");
    let edited = roles.iter().find(|role| !role.is_built_in && role.id == edited).cloned();
    let manages = organization.may(OrganizationPermission::ManageRoles);
    let own: Vec<RoleItem> = roles.iter().filter(|role| !role.is_built_in).cloned().collect();
    let own = (manages && !own.is_empty()).then(|| view! { <OwnRoles roles=own organization=organization.clone()/> });
    let refusal = if edited.is_some() { change } else { create };
    let form = manages.then(|| view! { <RoleCard organization=organization.clone() role=edited refusal/> });
    view! {
        <OrganizationShell
            current=OrganizationArea::Roles title=t("page.organization.roles")
            purpose=t("page.organization_roles.purpose") me organization refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            <Matrix roles/>
            {own}
            {form}
        </OrganizationShell>
    }
}

/// The roles that the organization made, to be changed and removed.
#[component]
fn OwnRoles(roles: Vec<RoleItem>, organization: OrganizationView) -> impl IntoView {
    let rows = roles.into_iter().map(|role| {
        // A role that allows more than the reader may is out of reach.
        let is_reachable = organization.permissions.covers(&role.permissions);
        let slug = organization.slug.to_string();
        view! {
            <li class="own-role">
                <strong>{role.name.clone()}</strong>
                <span class="muted">
                    {t_with("page.organization_roles.members", &[("count", &role.members.to_string())])}
                </span>
                {is_reachable.then(|| view! { <RoleActs slug role/> })}
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="card">
            <h2>{t("page.organization_roles.own")}</h2>
            <ul class="own-roles">{rows}</ul>
        </section>
    }
}

#[component]
fn RoleActs(slug: String, role: RoleItem) -> impl IntoView {
    let edit = format!("/orgs/{slug}/roles?edit={}#role", role.id);
    let of = t_with("page.members.of", &[("name", &role.name)]);
    view! {
        <a class="button button-secondary button-small" href=edit>
            {t("page.organization_roles.change")}<span class="visually-hidden">{of.clone()}</span>
        </a>
        <details class="row-menu">
            <summary>{t("page.organization_roles.remove")}<span class="visually-hidden">{of}</span></summary>
            <form method="post" action=RemoveRole::PATH class="row-form">
                <input type="hidden" name="organization" value=slug/>
                <input type="hidden" name="role" value=role.id/>
                <p>{t("page.organization_roles.remove_text")}</p>
                <button type="submit" class="button button-danger button-small">
                    {t("page.organization_roles.remove_action")}
                </button>
            </form>
        </details>
    }
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "created" => Some(t("page.organization_roles.created")),
        "changed" => Some(t("page.organization_roles.changed")),
        "removed" => Some(t("page.organization_roles.removed")),
        _ => None,
    }
}

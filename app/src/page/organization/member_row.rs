//! A member in the list, with what may be done to them. Without a script it is unfolded and posted.

use auth::organization::OrganizationPermission;
use auth::view::{MemberItem, OrganizationView, RoleItem};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::members::{ChangeMember, RemoveMember};
use super::role_text;
use crate::text::{t, t_with};
use crate::ui::Moment;

/// The row. `roles` are those that may be given.
#[component]
pub(super) fn MemberRow(
    item: MemberItem,
    organization: OrganizationView,
    roles: Vec<RoleItem>,
    may_act: bool,
) -> impl IntoView {
    let role = role_text(&item.role, &item.role_name);
    // Whoever may more than the reader is out of reach, and the server says so as well.
    let is_reachable = roles.iter().any(|role| role.id == item.role);
    let acts = may_act.then(|| {
        let acts = is_reachable.then(|| view! { <Acts item=item.clone() organization roles/> });
        view! { <td class="row-acts">{acts}</td> }
    });
    view! {
        <tr>
            <th scope="row">
                <span class="member-name">{item.name.to_string()}</span>
                <span class="muted">{item.email.to_string()}</span>
            </th>
            <td><span class="badge">{role}</span></td>
            <td>{item.department.clone()}</td>
            <td><Moment at=item.joined_at/></td>
            {acts}
        </tr>
    }
}

#[component]
fn Acts(item: MemberItem, organization: OrganizationView, roles: Vec<RoleItem>) -> impl IntoView {
    let name = item.name.to_string();
    let (slug, user) = (organization.slug.to_string(), item.user_id.0.clone());
    let change = organization.may(OrganizationPermission::UpdateMembers).then(|| {
        let ids = [format!("role-{user}"), format!("department-{user}")];
        let options = roles.into_iter().map(|role| {
            let is_chosen = role.id == item.role;
            let text = role_text(&role.id, &role.name);
            view! { <option value=role.id selected=is_chosen>{text}</option> }
        });
        view! {
            <form method="post" action=ChangeMember::PATH class="row-form">
                <input type="hidden" name="organization" value=slug.clone()/>
                <input type="hidden" name="user" value=user.clone()/>
                <label for=ids[0].clone()>{t("ui.role")}</label>
                <select class="input" id=ids[0].clone() name="role" autocomplete="off">{options.collect_view()}</select>
                <label for=ids[1].clone()>{t("ui.department")}</label>
                <input
                    class="input" id=ids[1].clone() name="department" value=item.department.clone() maxlength="120"
                    autocomplete="off"
                />
                <button type="submit" class="button button-primary button-small">{t("page.members.save")}</button>
            </form>
        }
    });
    let remove = organization.may(OrganizationPermission::RemoveMembers).then(|| {
        view! {
            <form method="post" action=RemoveMember::PATH class="row-form">
                <input type="hidden" name="organization" value=slug.clone()/>
                <input type="hidden" name="user" value=user.clone()/>
                <p>{t("page.members.remove_text")}</p>
                <button type="submit" class="button button-danger button-small">{t("page.members.remove")}</button>
            </form>
        }
    });
    view! {
        <details class="row-menu">
            <summary>
                {t("page.members.change")}
                <span class="visually-hidden">{t_with("page.members.of", &[("name", &name)])}</span>
            </summary>
            {change}
            {remove}
        </details>
    }
}

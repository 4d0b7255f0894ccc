//! What each role allows, as a picture that is a table: a mark is a word as well, and none needs a colour.

use auth::organization::OrganizationPermission;
use auth::view::RoleItem;
use leptos::prelude::*;

use super::role_text;
use super::words::permission_text;
use crate::text::{t, t_with};
use crate::ui::Icon;

/// The table: a row for each permission, a column for each role.
#[component]
pub(super) fn Matrix(roles: Vec<RoleItem>) -> impl IntoView {
    let heads = roles.iter().map(|role| {
        let members = t_with("page.organization_roles.members", &[("count", &role.members.to_string())]);
        view! {
            <th scope="col">
                <span class="matrix-role">{role_text(&role.id, &role.name)}</span>
                <span class="muted">{members}</span>
            </th>
        }
    });
    let heads = heads.collect_view();
    let rows = OrganizationPermission::ALL.iter().map(|permission| {
        let cells = roles.iter().map(|role| cell(role.permissions.contains(*permission))).collect_view();
        view! {
            <tr>
                <th scope="row">
                    <span>{permission_text(*permission)}</span>
                    <code class="muted">{permission.as_str()}</code>
                </th>
                {cells}
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.organization_roles.matrix")>
            <table class="table matrix">
                <caption class="visually-hidden">{t("page.organization_roles.matrix")}</caption>
                <thead><tr><th scope="col">{t("page.organization_roles.permission")}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn cell(is_allowed: bool) -> impl IntoView {
    if is_allowed {
        view! {
            <td class="matrix-yes">
                <Icon name="check"/><span class="visually-hidden">{t("page.organization_roles.allowed")}</span>
            </td>
        }
        .into_any()
    } else {
        view! {
            <td class="matrix-no">
                <span aria-hidden="true">"–"</span>
                <span class="visually-hidden">{t("page.organization_roles.not_allowed")}</span>
            </td>
        }
        .into_any()
    }
}

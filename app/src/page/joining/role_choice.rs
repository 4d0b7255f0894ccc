//! Choosing a role, for somebody who is not a member yet.

use auth::view::RoleItem;
use leptos::prelude::*;

use super::organization::role_text;
use crate::text::t;

/// The roles that people may get by themselves: none of those who look after the organization.
pub(super) fn roles_to_join(roles: Vec<RoleItem>) -> Vec<RoleItem> {
    roles.into_iter().filter(|role| !role.permissions.look_after()).collect()
}

/// The options of a choice.
pub(super) fn options(roles: Vec<RoleItem>, chosen: &str) -> impl IntoView + use<> {
    let options = roles.into_iter().map(|role| {
        let (is_chosen, text) = (role.id == chosen, role_text(&role.id, &role.name));
        view! { <option value=role.id selected=is_chosen>{text}</option> }
    });
    options.collect_view()
}

/// A labelled choice of a role within a form. `issue` is what was wrong with the last one.
#[component]
pub(super) fn RoleChoice(roles: Vec<RoleItem>, chosen: String, issue: Option<String>) -> impl IntoView {
    let issue_id = "role-issue";
    let described_by = issue.is_some().then_some(issue_id);
    let is_invalid = issue.is_some().then_some("true");
    view! {
        <div class="field">
            <div class="field-head"><label for="role">{t("ui.role")}</label></div>
            <select
                class="input" id="role" name="role" autocomplete="off" aria-invalid=is_invalid
                aria-describedby=described_by
            >
                {options(roles, &chosen)}
            </select>
            {issue.map(|issue| view! { <p class="field-error" id=issue_id>{issue}</p> })}
        </div>
    }
}

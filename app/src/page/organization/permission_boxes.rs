//! A box for each permission that a role may allow, with the words and the name that programs see.

use auth::Field as Name;
use auth::organization::{OrganizationPermission, OrganizationPermissions};
use leptos::prelude::*;

use super::words::permission_text;
use crate::text::t;

/// The boxes of what the reader may give: nobody gives what they do not have, and no role ends an organization or gives
/// it away.
#[component]
pub(super) fn PermissionBoxes(
    own: OrganizationPermissions,
    chosen: Vec<String>,
    issue: Option<String>,
) -> impl IntoView {
    let id = Name::Permissions.as_str();
    let issue_id = format!("{id}-issue");
    let described_by = issue.is_some().then(|| issue_id.clone());
    let offered = own.iter().filter(|permission| {
        !matches!(
            permission,
            OrganizationPermission::ReadOrganization
                | OrganizationPermission::DeleteOrganization
                | OrganizationPermission::TransferOrganization
        )
    });
    let boxes: Vec<_> = offered
        .map(|permission| {
            let name = permission.as_str();
            let is_chosen = chosen.iter().any(|chosen| chosen == name);
            view! {
                <label class="check">
                    <input type="checkbox" name="permissions[]" value=name checked=is_chosen/>
                    <span><span>{permission_text(permission)}</span>" "<code class="muted">{name}</code></span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="scopes" id=id aria-describedby=described_by>
            <legend class="legend">{t("ui.permissions")}</legend>
            {boxes.collect_view()}
            {issue.map(|issue| view! { <p class="field-error" id=issue_id>{issue}</p> })}
        </fieldset>
    }
}

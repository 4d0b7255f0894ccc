//! Documents as a table.

use auth::organization::Slug;
use auth::view::DocumentItem;
use leptos::prelude::*;

use super::badges::{SensitivityBadge, StateBadge, department_text};
use super::path_of;
use crate::text::t;
use crate::ui::Moment;

/// Documents, one a line, in a frame of their own where the page is narrower.
#[component]
pub(in crate::page) fn DocumentRows(
    slug: Slug,
    items: Vec<DocumentItem>,
    #[prop(into)] label: String,
) -> impl IntoView {
    let rows = items.into_iter().map(|item| view! { <Line slug=slug.clone() item/> }).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=label>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("ui.title")}</th>
                        <th scope="col">{t("page.documents.state")}</th>
                        <th scope="col">{t("ui.sensitivity")}</th>
                        <th scope="col">{t("ui.owner")}</th>
                        <th scope="col">{t("ui.department")}</th>
                        <th scope="col">{t("page.documents.changed")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Line(slug: Slug, item: DocumentItem) -> impl IntoView {
    let path = path_of(&slug, &item.id);
    let DocumentItem { title, owner, department, sensitivity, state, changed_at, .. } = item;
    view! {
        <tr>
            <th scope="row"><a class="document-title" href=path>{title.to_string()}</a></th>
            <td><StateBadge state/></td>
            <td><SensitivityBadge sensitivity/></td>
            <td>{owner.name.to_string()}</td>
            <td>{department_text(department)}</td>
            <td><Moment at=changed_at/></td>
        </tr>
    }
}

//! What is shown of an account besides itself: its sessions, its organizations, what happened to it.

use auth::Page;
use auth::text::event_text;
use auth::view::{ActivityItem, AnySession, UserOrganization};
use leptos::prelude::*;

use super::account::{address_text, after, device_text, event_look, origin_is_told};
use super::reason_text;
use crate::text::{locale, t};
use crate::ui::{Icon, Moment, Paging};

/// Its sessions, live or not, and the way through the list.
#[component]
pub(super) fn Sessions(page: Page<AnySession>, path: String) -> impl IntoView {
    let Page { items, next } = page;
    if items.is_empty() {
        return view! { <div class="empty"><Icon name="devices"/><p>{t("page.admin_user.none")}</p></div> }.into_any();
    }
    let rows = items.into_iter().map(|item| view! { <Session item/> }).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.admin_user.sessions")>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("page.dashboard.device")}</th>
                        <th scope="col">{t("ui.address")}</th>
                        <th scope="col">{t("page.dashboard.signed_in")}</th>
                        <th scope="col">{t("page.devices.last_seen")}</th>
                        <th scope="col">{t("page.admin_user.state")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Paging list=path next is_first=after().is_none()/>
    }
    .into_any()
}

#[component]
fn Session(item: AnySession) -> impl IntoView {
    let AnySession { id, origin, signed_in_at, last_seen_at, end, .. } = item;
    let address = address_text(origin.address.as_deref().unwrap_or_default());
    view! {
        <tr>
            <th scope="row"><a href=format!("/admin/sessions/{}", id.as_str())>{device_text(&origin.device)}</a></th>
            <td>{address}</td>
            <td><Moment at=signed_in_at with_time=true/></td>
            <td><Moment at=last_seen_at with_time=true/></td>
            <td>
                {match end {
                    Some(end) => reason_text(end.reason).into_any(),
                    None => view! { <span class="badge badge-ok">{t("page.admin_user.live")}</span> }.into_any(),
                }}
            </td>
        </tr>
    }
}

/// The organizations its person is in.
#[component]
pub(super) fn Organizations(list: Vec<UserOrganization>) -> impl IntoView {
    if list.is_empty() {
        return view! { <p class="muted">{t("page.admin_user.no_organizations")}</p> }.into_any();
    }
    let rows = list.into_iter().map(|UserOrganization { id, slug, name, role, joined_at }| {
        let others = format!("/admin/users?organization={}", id.as_str());
        view! {
            <tr>
                <th scope="row"><a href=others>{name}</a></th>
                <td><code>{slug}</code></td>
                <td>{role}</td>
                <td><Moment at=joined_at/></td>
            </tr>
        }
    });
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.admin_user.organizations")>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("ui.name")}</th>
                        <th scope="col">{t("page.admin_user.slug")}</th>
                        <th scope="col">{t("page.admin_users.role")}</th>
                        <th scope="col">{t("page.admin_user.joined")}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What happened to it last, as its person reads it.
#[component]
pub(super) fn Activity(list: Vec<ActivityItem>) -> impl IntoView {
    if list.is_empty() {
        return view! { <p class="muted">{t("page.admin_user.no_activity")}</p> }.into_any();
    }
    let lines = list.into_iter().map(|item| {
        let (icon, class) = event_look(item.kind);
        let origin = origin_is_told(item.kind)
            .then(|| format!("{} · {} · ", device_text(&item.device), address_text(&item.address)));
        view! {
            <li class=class>
                <Icon name=icon/>
                <div>
                    <p>{event_text(locale(), item.kind)}</p>
                    <p class="muted">{origin}<Moment at=item.at with_time=true/></p>
                </div>
            </li>
        }
    });
    view! { <ol class="events">{lines.collect_view()}</ol> }.into_any()
}

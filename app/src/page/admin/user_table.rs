//! The table of accounts: who is picked, and what can be done to all of them.

use auth::form::UserFilterForm;
use auth::view::{BulkAct, UserItem};
use auth::{Page, Role};
use leptos::prelude::*;

use super::account::after;
use super::bulk;
use super::user_filters::{PATH, address, asked, hidden};
use super::user_words::{RoleBadge, StateBadge, count_text};
use crate::text::{t, t_with};
use crate::ui::{Icon, Moment, Paging};

/// A page of the list. `role` is that of whoever looks.
#[component]
pub(super) fn Table(page: Page<UserItem>, role: Role) -> impl IntoView {
    let Page { items, next } = page;
    if items.is_empty() {
        return view! { <div class="empty"><Icon name="users"/><p>{t("page.admin_users.none")}</p></div> }.into_any();
    }
    let form = asked();
    let acts: Vec<_> = BulkAct::ALL.into_iter().filter(|act| role.grants(act.permission())).collect();
    let picks = !acts.is_empty();
    let rows = items.into_iter().map(|item| view! { <User item picks/> }).collect_view();
    let (list, export) = (address(PATH, &form), address("/admin/users/export", &form));
    let table = view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.admin_users.nav")>
            <table class="table">
                <thead>
                    <tr>
                        {picks.then(|| view! {
                            <th scope="col"><span class="visually-hidden">{t("page.admin_bulk.picked")}</span></th>
                        })}
                        <th scope="col">{t("ui.email")}</th>
                        <th scope="col">{t("ui.name")}</th>
                        <th scope="col">{t("page.admin_users.role")}</th>
                        <th scope="col">{t("page.admin_user.state")}</th>
                        <th scope="col">{t("page.admin_users.made")}</th>
                        <th scope="col">{t("page.admin_users.live")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    };
    let table = if picks {
        view! { <form method="get" action=bulk::PATH class="bulk">{table}<Bar acts form/></form> }.into_any()
    } else {
        table.into_any()
    };
    view! {
        {table}
        <Paging list next is_first=after().is_none()/>
        <section class="export" aria-labelledby="export-title">
            <h2 id="export-title">{t("page.admin_users.export_title")}</h2>
            <p class="muted">{t("page.admin_users.export_text")}</p>
            <a class="button button-secondary" href=export>
                <Icon name="download"/>{t("page.admin_users.export_action")}
            </a>
        </section>
    }
    .into_any()
}

#[component]
fn User(item: UserItem, picks: bool) -> impl IntoView {
    let UserItem { id, email, name, role, created_at, live_sessions, state, .. } = item;
    let pick = picks.then(|| {
        let label = t_with("page.admin_bulk.pick", &[("email", email.as_str())]);
        view! {
            <td class="pick">
                <label><input type="checkbox" name="ids" value=id.as_str().to_owned() aria-label=label/></label>
            </td>
        }
    });
    view! {
        <tr>
            {pick}
            <th scope="row"><a href=format!("{PATH}/{}", id.as_str())>{email.to_string()}</a></th>
            <td>{name.to_string()}</td>
            <td><RoleBadge role/></td>
            <td><StateBadge state/></td>
            <td><Moment at=created_at/></td>
            <td>{count_text(live_sessions)}</td>
        </tr>
    }
    .into_any()
}

/// What is done to those who are picked, or to everybody who is listed.
#[component]
fn Bar(acts: Vec<BulkAct>, form: UserFilterForm) -> impl IntoView {
    let acts = acts.into_iter().map(|act| view! { <option value=act.as_str()>{t(bulk::name(act))}</option> });
    view! {
        {hidden(&form)}
        <div class="bulk-bar">
            <div class="field">
                <label for="act">{t("page.admin_bulk.act")}</label>
                <select class="input" id="act" name="act" autocomplete="off">{acts.collect_view()}</select>
            </div>
            <label class="check">
                <input type="checkbox" name="everybody" value="1" autocomplete="off"/>
                <span>{t("page.admin_bulk.everybody")}</span>
            </label>
            <button type="submit" class="button button-secondary">{t("page.admin_bulk.preview")}</button>
        </div>
    }
    .into_any()
}

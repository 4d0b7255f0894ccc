//! All organizations, and looking for one.

use auth::view::{Me, OrganizationItem};
use auth::{Cursor, Page, flow};
use leptos::prelude::*;

use super::account::{NoList, after, query};
use super::refused;
use crate::error::AppError;
use crate::page::address::with_query;
use crate::page::listed::told;
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{Area, Icon, Moment, Paging, Shell, provide_zone};

pub(super) const PATH: &str = "/admin/organizations";

/// Who asks, and a page of the list.
type Found = (Me, Result<Page<OrganizationItem>, AppError>);

async fn load((sought, after): (String, Option<Cursor>)) -> Result<Found, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let list = told(flow::admin_list_organizations(&auth, &caller, &sought, after).await)?;
    Ok((auth.me(&caller).await?, list))
}

/// The page `/admin/organizations`.
#[component]
pub fn AdminOrganizationsPage() -> impl IntoView {
    let asked = (query("q"), after());
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, list)) => view! { <Organizations me list/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Organizations(me: Me, list: Result<Page<OrganizationItem>, AppError>) -> impl IntoView {
    provide_zone(&me);
    let is_refused = list.is_err();
    let list = match list {
        Ok(page) => view! { <List page/> }.into_any(),
        Err(error) => view! { <NoList error list=PATH/> }.into_any(),
    };
    view! {
        <Shell
            current=Area::Organizations title=t("page.admin_organizations.nav")
            purpose=t("page.admin_organizations.purpose") me refused=is_refused
        >
            <form method="get" action=PATH class="search" role="search">
                <label for="q">{t("page.admin_organizations.search")}</label>
                <input
                    class="input" type="search" id="q" name="q" value=query("q") maxlength="100" autocomplete="off"
                    autocapitalize="none" spellcheck="false"
                />
                <button type="submit" class="button button-secondary">{t("page.admin_users.action")}</button>
            </form>
            {list}
        </Shell>
    }
}

#[component]
fn List(page: Page<OrganizationItem>) -> impl IntoView {
    let Page { items, next } = page;
    if items.is_empty() {
        let words =
            if query("q").is_empty() { "page.admin_organizations.empty" } else { "page.admin_organizations.none" };
        return view! { <div class="empty"><Icon name="building"/><p>{t(words)}</p></div> }.into_any();
    }
    let rows = items.into_iter().map(|item| view! { <Organization item/> }).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.admin_organizations.nav")>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("ui.name")}</th>
                        <th scope="col">{t("page.admin_organizations.slug")}</th>
                        <th scope="col">{t("page.admin_organizations.members")}</th>
                        <th scope="col">{t("page.admin_organizations.made")}</th>
                        <th scope="col">{t("page.admin_user.state")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Paging list=list_path() next is_first=after().is_none()/>
    }
    .into_any()
}

#[component]
fn Organization(item: OrganizationItem) -> impl IntoView {
    view! {
        <tr>
            <th scope="row"><a href=format!("{PATH}/{}", item.id.as_str())>{item.name.to_string()}</a></th>
            <td><code>{item.slug.to_string()}</code></td>
            <td>{members_text(item.members)}</td>
            <td><Moment at=item.created_at/></td>
            <td><StateBadge item=item.clone()/></td>
        </tr>
    }
}

/// How an organization stands, in words.
#[component]
pub(super) fn StateBadge(item: OrganizationItem) -> impl IntoView {
    let (class, words) = match (item.closed_at, item.delete_at) {
        (Some(_), _) => ("badge badge-danger", "page.admin_organizations.closed"),
        (None, Some(_)) => ("badge badge-warn", "page.admin_organizations.leaving"),
        (None, None) => ("badge badge-ok", "page.admin_organizations.open"),
    };
    view! { <span class=class>{t(words)}</span> }
}

/// How many members there are, as far as they were counted.
pub(super) fn members_text(members: i64) -> String {
    let count = members.to_string();
    if members < OrganizationItem::MOST_COUNTED {
        count
    } else {
        t_with("page.admin_users.or_more", &[("count", &count)])
    }
}

/// The first page of what is sought.
fn list_path() -> String {
    with_query(PATH, &[("q", &query("q"))])
}

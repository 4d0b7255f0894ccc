//! All accounts, and looking for one.

use auth::view::{Me, UserItem};
use auth::{Cursor, ErrorCode, Page, Role, flow};
use leptos::prelude::*;

use super::account::{NoList, after, query};
use super::refused;
use crate::error::AppError;
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{Area, Icon, Moment, Paging, Shell, provide_zone};

const PATH: &str = "/admin/users";

/// Who asks, and a page of the list.
type Found = (Me, Result<Page<UserItem>, AppError>);

async fn load((sought, after): (String, Option<Cursor>)) -> Result<Found, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let list = flow::admin_list_users(&auth, &caller, &sought, after).await.map_err(AppError::from);
    match list {
        // A broken cursor is told on the page; who may not see it sees no page.
        Err(error) if error.code() != ErrorCode::MalformedRequest => Err(error),
        list => Ok((auth.me(&caller).await?, list)),
    }
}

/// The page `/admin/users`.
#[component]
pub fn AdminUsersPage() -> impl IntoView {
    let asked = (query("q"), after());
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, list)) => view! { <Users me list/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Users(me: Me, list: Result<Page<UserItem>, AppError>) -> impl IntoView {
    provide_zone(&me);
    let is_refused = list.is_err();
    let list = match list {
        Ok(page) => view! { <List page/> }.into_any(),
        Err(error) => view! { <NoList error list=PATH/> }.into_any(),
    };
    view! {
        <Shell
            current=Area::Users title=t("page.admin_users.nav") purpose=t("page.admin_users.purpose") me
            refused=is_refused
        >
            <form method="get" action=PATH class="search" role="search">
                <label for="q">{t("page.admin_users.search")}</label>
                <input
                    class="input" type="search" id="q" name="q" value=query("q") maxlength="254" autocomplete="off"
                    autocapitalize="none" spellcheck="false"
                />
                <button type="submit" class="button button-secondary">{t("page.admin_users.action")}</button>
            </form>
            {list}
        </Shell>
    }
}

#[component]
fn List(page: Page<UserItem>) -> impl IntoView {
    let Page { items, next } = page;
    if items.is_empty() {
        return view! { <div class="empty"><Icon name="users"/><p>{t("page.admin_users.none")}</p></div> }.into_any();
    }
    let rows = items.into_iter().map(|item| view! { <User item/> }).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.admin_users.nav")>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("ui.email")}</th>
                        <th scope="col">{t("ui.name")}</th>
                        <th scope="col">{t("page.admin_users.role")}</th>
                        <th scope="col">{t("page.admin_users.made")}</th>
                        <th scope="col">{t("page.admin_users.live")}</th>
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
fn User(item: UserItem) -> impl IntoView {
    let UserItem { id, email, name, role, created_at, live_sessions, .. } = item;
    view! {
        <tr>
            <th scope="row"><a href=format!("{PATH}/{}", id.as_str())>{email.to_string()}</a></th>
            <td>{name.to_string()}</td>
            <td><RoleBadge role/></td>
            <td><Moment at=created_at/></td>
            <td>{count_text(live_sessions)}</td>
        </tr>
    }
}

/// What an account may do, in words.
#[component]
pub(super) fn RoleBadge(role: Role) -> impl IntoView {
    let (class, name) = match role {
        Role::Admin => ("badge badge-warn", "page.admin_users.role_admin"),
        Role::User => ("badge", "page.admin_users.role_user"),
    };
    view! { <span class=class>{t(name)}</span> }
}

/// How many sessions go on, as far as they were counted.
pub(super) fn count_text(live_sessions: i64) -> String {
    let count = live_sessions.to_string();
    if live_sessions < UserItem::MOST_COUNTED {
        count
    } else {
        t_with("page.admin_users.or_more", &[("count", &count)])
    }
}

/// The first page of what is sought.
fn list_path() -> String {
    match query("q") {
        sought if sought.is_empty() => PATH.to_owned(),
        sought => format!("{PATH}?q={}", encoded(&sought)),
    }
}

/// Text as it stands in a query (RFC 3986, 2.3).
fn encoded(text: &str) -> String {
    let letters = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    letters.collect()
}

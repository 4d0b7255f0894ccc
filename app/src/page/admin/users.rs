//! All accounts, and looking for some of them.

use auth::form::UserFilterForm;
use auth::view::{Me, UserItem};
use auth::{Page, Permission, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::{NoList, after, query};
use super::bulk::ActOnUsers;
use super::refused;
use super::user_filters::{Filters, PATH, asked};
use super::user_table::Table;
use crate::error::AppError;
use crate::island::refusal_of;
use crate::page::listed::told;
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{Area, Notice, Shell, Tone, provide_zone};

/// Who asks, and a page of the list.
type Found = (Me, Result<Page<UserItem>, AppError>);

async fn load(asked: UserFilterForm) -> Result<Found, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    flow::require_permission(&auth, &caller, Permission::ReadUsers).await?;
    let list = match asked.parse() {
        Ok((filter, after)) => flow::admin_list_users(&auth, &caller, filter, after).await.map_err(AppError::from),
        Err(refusal) => Err(refusal.into()),
    };
    let list = told(list)?;
    Ok((auth.me(&caller).await?, list))
}

/// The page `/admin/users`.
#[component]
pub fn AdminUsersPage() -> impl IntoView {
    let asked = UserFilterForm { after: after(), ..asked() };
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
    // Of an act on several whose own page is not known any more.
    let refusal = refusal_of(ActOnUsers::PATH);
    let is_refused = refusal.is_some() || list.is_err();
    let note = match refusal {
        Some(refusal) => Some((Tone::Danger, t(&format!("error.{}", refusal.code().as_str())))),
        None => done_text().filter(|_| !is_refused).map(|text| (Tone::Ok, text)),
    };
    let wrong = list.as_ref().err().cloned();
    let role = me.role;
    let list = match list {
        Ok(page) => view! { <Table page role/> }.into_any(),
        Err(error) => view! { <NoList error list=PATH/> }.into_any(),
    };
    view! {
        <Shell
            current=Area::Users title=t("page.admin_users.nav") purpose=t("page.admin_users.purpose") me
            refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            <Filters form=asked() refusal=wrong/>
            {list}
        </Shell>
    }
}

/// What an act on several accounts did, when one was done a moment ago.
fn done_text() -> Option<String> {
    let number = |name: &str| query(name).parse::<u16>().ok().map(|number| number.to_string());
    let (done, left) = (number("done")?, number("left")?);
    (query("note") == "done").then(|| t_with("page.admin_bulk.done", &[("done", &done), ("left", &left)]))
}

//! The organizations one is in.

use auth::view::{Me, OrganizationView};
use auth::{Cursor, Page, flow};
use leptos::prelude::*;

use super::account::{NoList, after, query};
use super::{PATH, refused, role_text};
use crate::error::AppError;
use crate::page::listed::told;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Icon, Logo, Moment, Notice, Paging, Shell, Tone, provide_zone};

/// Who asks, and a page of the list.
type Found = (Me, Result<Page<OrganizationView>, AppError>);

async fn load(after: Option<Cursor>) -> Result<Found, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let list = told(flow::list_organizations(&auth, &caller, after).await)?;
    Ok((auth.me(&caller).await?, list))
}

/// The page `/orgs`.
#[component]
pub fn OrganizationsPage() -> impl IntoView {
    let after = after();
    let loaded = resource(move || after.clone(), load);
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
fn Organizations(me: Me, list: Result<Page<OrganizationView>, AppError>) -> impl IntoView {
    provide_zone(&me);
    let is_refused = list.is_err();
    let note = (query("note") == "left" && !is_refused).then(|| t("page.organizations.left"));
    let list = match list {
        Ok(page) if page.items.is_empty() && after().is_none() => view! { <Empty/> }.into_any(),
        Ok(page) => view! { <List page/> }.into_any(),
        Err(error) => view! { <NoList error list=PATH/> }.into_any(),
    };
    view! {
        <Shell
            current=Area::MyOrganizations title=t("page.organizations.nav") purpose=t("page.organizations.purpose") me
            refused=is_refused
        >
            {note.map(|text| view! { <Notice tone=Tone::Ok text/> })}
            {list}
        </Shell>
    }
}

/// Nothing yet: what one is for.
#[component]
fn Empty() -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name="building"/>
            <p>{t("page.organizations.empty")}</p>
            <a class="button button-primary" href="/orgs/new">{t("page.organizations.first")}</a>
        </div>
    }
}

#[component]
fn List(page: Page<OrganizationView>) -> impl IntoView {
    let Page { items, next } = page;
    view! {
        <ul class="organizations">{items.into_iter().map(|item| view! { <Item item/> }).collect_view()}</ul>
        <Paging list=PATH next is_first=after().is_none()/>
        <div class="actions"><a class="button button-secondary" href="/orgs/new">{t("page.organizations.new")}</a></div>
    }
}

#[component]
fn Item(item: OrganizationView) -> impl IntoView {
    let path = format!("{PATH}/{}", item.slug);
    let role = role_text(&item.role, &item.role_name);
    let (name, joined_at, is_chosen, delete_at) =
        (item.name.to_string(), item.joined_at, item.is_chosen, item.delete_at);
    view! {
        <li class="card organization">
            <Logo organization=item class="logo logo-large"/>
            <div class="organization-text">
                <h2><a href=path>{name}</a></h2>
                <p class="muted">{t("page.organizations.since")}" "<Moment at=joined_at/></p>
            </div>
            <div class="organization-badges">
                <span class="badge">{role}</span>
                {is_chosen.then(|| view! { <span class="badge badge-ok">{t("page.organizations.chosen")}</span> })}
                {delete_at.map(|_| view! { <span class="badge badge-danger">{t("page.organizations.going")}</span> })}
            </div>
        </li>
    }
}

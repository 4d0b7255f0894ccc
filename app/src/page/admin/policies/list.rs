//! The versions of the policies, and the built-in ones.

use auth::policy::BUILT_IN_TEXTS;
use auth::view::{AllowedActs, Me, PolicyVersionItem, PolicyVersions};
use auth::{Cursor, Page, flow};
use leptos::prelude::*;

use super::source::Source;
use super::{EDIT, MANAGE, NoList, PATH, Places, after, query, reader, refused, version_name, version_path};
use crate::error::AppError;
use crate::page::listed::told;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Allowed, Area, Moment, Notice, Paging, Shell, Tone, provide_allowed, provide_zone};

/// Who asks, what they may do, and a page of versions.
type Loaded = (Me, AllowedActs, Result<PolicyVersions, AppError>);

async fn load(after: Option<Cursor>) -> Result<Loaded, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let list = told(flow::list_policy_versions(&auth, &caller, after).await)?;
    let (me, acts) = reader().await?;
    Ok((me, acts, list))
}

/// The page `/admin/policies`.
#[component]
pub fn PoliciesPage() -> impl IntoView {
    let after = after();
    let loaded = resource(move || after.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, acts, list)) => view! { <Versions me acts list/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Versions(me: Me, acts: AllowedActs, list: Result<PolicyVersions, AppError>) -> impl IntoView {
    provide_zone(&me);
    provide_allowed(acts);
    let is_refused = list.is_err();
    let note = (query("note") == "active" && !is_refused).then(|| t("page.policies.activated"));
    let list = match list {
        Ok(PolicyVersions { page, .. }) => view! { <List page/> }.into_any(),
        Err(error) => view! { <NoList error list=PATH/> }.into_any(),
    };
    let built_in = BUILT_IN_TEXTS.map(|(name, text)| {
        view! {
            <details class="policy">
                <summary><code>{name}</code></summary>
                <Source text=text faults=Vec::new() name=name/>
            </details>
        }
    });
    view! {
        <Shell
            current=Area::Policies title=t("page.policies.nav") purpose=t("page.policies.purpose") me refused=is_refused
        >
            {note.map(|text| view! { <Notice tone=Tone::Ok text/> })}
            <Places current=PATH/>
            <Allowed act=MANAGE>
                <div class="actions"><a class="button button-primary" href=EDIT>{t("page.policies.write")}</a></div>
            </Allowed>
            {list}
            <section class="card">
                <h2>{t("page.policies.built_in_title")}</h2>
                <p class="muted">{t("page.policies.built_in_text")}</p>
                {built_in.collect_view()}
            </section>
        </Shell>
    }
}

#[component]
fn List(page: Page<PolicyVersionItem>) -> impl IntoView {
    let Page { items, next } = page;
    let rows = items.into_iter().map(|item| view! { <Version item/> }).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.policies.versions")>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("page.policies.version_column")}</th>
                        <th scope="col">{t("page.policies.note")}</th>
                        <th scope="col">{t("page.policies.author")}</th>
                        <th scope="col">{t("page.policies.saved")}</th>
                        <th scope="col">{t("page.policies.last_active")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Paging list=PATH next is_first=after().is_none()/>
    }
    .into_any()
}

#[component]
fn Version(item: PolicyVersionItem) -> impl IntoView {
    let PolicyVersionItem { number, note, author, created_at, activated_at, is_active, .. } = item;
    // The version without policies was there before anybody saved one.
    let saved = (number > 0).then(|| view! { <Moment at=created_at with_time=true/> });
    let activated = activated_at.filter(|_| number > 0).map(|at| view! { <Moment at with_time=true/> });
    view! {
        <tr>
            <th scope="row">
                <a href=version_path(number)>{version_name(number)}</a>
                {is_active.then(|| view! { " "<span class="badge badge-ok">{t("page.policies.in_force")}</span> })}
            </th>
            <td>{note}</td>
            <td>{author.unwrap_or_default()}</td>
            <td>{saved}</td>
            <td>{activated}</td>
        </tr>
    }
}

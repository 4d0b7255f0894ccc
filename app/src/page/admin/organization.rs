//! One organization: what is known of it here, its roles and its members.

use auth::view::{Me, OrganizationDetail, OrganizationItem, OrganizationMember};
use auth::{Cursor, ErrorCode, Page, Permission, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::{NoList, after, query};
use super::close_organization::{AdminCloseOrganization, AdminReopenOrganization, Close, Reopen};
use super::organizations::{PATH, StateBadge, members_text};
use super::{id, refused};
use crate::error::AppError;
use crate::island::refusal_of;
use crate::page::listed::told;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Icon, Moment, Notice, Paging, Shell, Tone, facts, provide_zone};

/// Who asks, the organization, and a page of its members.
type Loaded = (Me, OrganizationDetail, Result<Page<OrganizationMember>, AppError>);

async fn load((id, after): (String, Option<Cursor>)) -> Result<Loaded, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let found = flow::admin_show_organization(&auth, &caller, &id).await.map_err(AppError::from);
    let organization = match found {
        // Of a page, what is no id is an address where nothing is.
        Err(error) if error.code() == ErrorCode::MalformedRequest => return Err(ErrorCode::NotFound.into()),
        found => found?,
    };
    let list = told(flow::admin_list_organization_members(&auth, &caller, &id, after).await)?;
    Ok((auth.me(&caller).await?, organization, list))
}

/// The page `/admin/organizations/{id}`.
#[component]
pub fn AdminOrganizationPage() -> impl IntoView {
    let asked = (id(), after());
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, organization, list)) => view! { <Organization me organization list/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Organization(
    me: Me,
    organization: OrganizationDetail,
    list: Result<Page<OrganizationMember>, AppError>,
) -> impl IntoView {
    provide_zone(&me);
    let OrganizationDetail { item, roles, domains } = organization;
    let (close, reopen) = (refusal_of(AdminCloseOrganization::PATH), refusal_of(AdminReopenOrganization::PATH));
    let is_refused = list.is_err() || close.is_some() || reopen.is_some();
    let note = note_text(&query("note")).filter(|_| !is_refused);
    let path = format!("{PATH}/{}", item.id.as_str());
    let roles = roles.into_iter().map(|count| {
        view! { <li><strong>{count.role}</strong>" · "{count.members.to_string()}</li> }
    });
    let roles = view! { <ul class="plain-list">{roles.collect_view()}</ul> };
    let about = [
        (t("page.admin_organizations.slug").into_any(), view! { <code>{item.slug.to_string()}</code> }.into_any()),
        (t("page.admin_user.state").into_any(), view! { <StateBadge item=item.clone()/> }.into_any()),
        (
            t("page.admin_organizations.made").into_any(),
            view! { <Moment at=item.created_at with_time=true/> }.into_any(),
        ),
        (t("page.admin_organizations.members").into_any(), members_text(item.members).into_any()),
        (t("page.admin_organization.roles").into_any(), roles.into_any()),
        (t("page.admin_organization.domains").into_any(), domains.to_string().into_any()),
    ];
    let closed = item.closed_at.map(|at| view! { <Closed at reason=item.closed_reason.clone().unwrap_or_default()/> });
    let act = me.role.grants(Permission::ManageOrganizations).then(|| act(item.clone(), close, reopen));
    let list = match list {
        Ok(page) => view! { <Members page path/> }.into_any(),
        Err(error) => view! { <NoList error list=PATH/> }.into_any(),
    };
    view! {
        <Shell
            current=Area::Organizations title=item.name.to_string() purpose=t("page.admin_organization.purpose") me
            refused=is_refused
        >
            {note.map(|text| view! { <Notice tone=Tone::Ok text/> })}
            <p><a href=PATH>{t("page.admin_organization.all")}</a></p>
            {closed}
            <section class="card"><h2>{t("page.admin_organization.about")}</h2>{facts(about)}</section>
            <h2>{t("page.admin_organizations.members")}</h2>
            {list}
            {act}
        </Shell>
    }
}

/// Closing it, or opening it again.
fn act(item: OrganizationItem, close: Option<AppError>, reopen: Option<AppError>) -> AnyView {
    if item.closed_at.is_some() {
        view! { <Reopen item refusal=reopen/> }.into_any()
    } else {
        view! { <Close item refusal=close/> }.into_any()
    }
}

/// Since when it is closed, and why.
#[component]
fn Closed(at: auth::Timestamp, reason: String) -> impl IntoView {
    // No `Notice`: that has an id, and what a form is refused with may stand on the same page.
    view! {
        <div class="notice notice-danger">
            <Icon name="lock"/>
            <div>
                <p><strong>{t("page.admin_organization.closed_since")}" "<Moment at with_time=true/></strong></p>
                <p>{reason}</p>
            </div>
        </div>
    }
}

#[component]
fn Members(page: Page<OrganizationMember>, path: String) -> impl IntoView {
    let Page { items, next } = page;
    if items.is_empty() {
        return view! { <div class="empty"><Icon name="users"/><p>{t("page.admin_organization.none")}</p></div> }
            .into_any();
    }
    let rows = items.into_iter().map(|member| {
        view! {
            <tr>
                <th scope="row">
                    <a href=format!("/admin/users/{}", member.user_id.as_str())>{member.email.to_string()}</a>
                </th>
                <td>{member.name.to_string()}</td>
                <td>{member.role}</td>
                <td><Moment at=member.joined_at/></td>
            </tr>
        }
    });
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.admin_organizations.members")>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("ui.email")}</th>
                        <th scope="col">{t("ui.name")}</th>
                        <th scope="col">{t("page.admin_users.role")}</th>
                        <th scope="col">{t("page.admin_organization.joined")}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        <Paging list=path next is_first=after().is_none()/>
    }
    .into_any()
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "closed" => Some(t("page.admin_organization.note_closed")),
        "reopened" => Some(t("page.admin_organization.note_reopened")),
        _ => None,
    }
}

//! Who is in an organization: found, given a role and a department, taken out.

use auth::organization::OrganizationPermission;
use auth::view::{Me, MemberItem, OrganizationView, RoleItem};
use auth::{Cursor, Page, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::account::{WantedAct, after, query};
use super::act::OrganizationAct;
use super::member_row::MemberRow;
use super::ownership::{LeaveOrganization, Ownership, TransferOwnership};
use super::{refusal_text, refused, roles_to_give, slug};
use crate::error::AppError;
use crate::island::refusal_of;
use crate::page::address::with_query;
use crate::page::listed::told;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Icon, Notice, OrganizationArea, OrganizationShell, Paging, Tone, provide_zone};

/// Gives a member a role and a department.
///
/// # Errors
/// A role that is not there, or allows more than one's own; the last owner; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "change_member")]
pub async fn change_member(
    #[server(default)] organization: String,
    #[server(default)] user: String,
    #[server(default)] role: String,
    #[server(default)] department: String,
) -> Result<(), AppError> {
    server::caller()?;
    let act = OrganizationAct::ChangeMember { organization, user, role, department };
    WantedAct::Organization(act).perform_or_ask().await
}

/// Takes a member out.
///
/// # Errors
/// One who may more; the last owner; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "remove_member")]
pub async fn remove_member(
    #[server(default)] organization: String,
    #[server(default)] user: String,
) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::Organization(OrganizationAct::RemoveMember { organization, user }).perform_or_ask().await
}

/// Who asks, the organization, a page of its members, and the roles that may be given.
type Loaded = (Me, OrganizationView, Result<Page<MemberItem>, AppError>, Vec<RoleItem>);

async fn load((slug, sought, after): (String, String, Option<Cursor>)) -> Result<Loaded, AppError> {
    let (me, organization) = super::load(slug).await?;
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let list = flow::list_members(&auth, &caller, &organization.id, (sought.as_str(), after), &context).await;
    let list = told(list)?;
    let given = roles_to_give(&organization).await?;
    Ok((me, organization, list, given))
}

/// The page `/orgs/{slug}/members`.
#[component]
pub fn OrganizationMembersPage() -> impl IntoView {
    let asked = (slug(), query("q"), after());
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, organization, list, roles)) => {
                        view! { <Members me organization list roles/> }.into_any()
                    }
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Members(
    me: Me,
    organization: OrganizationView,
    list: Result<Page<MemberItem>, AppError>,
    roles: Vec<RoleItem>,
) -> impl IntoView {
    provide_zone(&me);
    let refusal = [ChangeMember::PATH, RemoveMember::PATH, TransferOwnership::PATH, LeaveOrganization::PATH]
        .into_iter()
        .find_map(refusal_of);
    let is_refused = refusal.is_some() || list.is_err();
    let note = match refusal {
        Some(refusal) => Some((Tone::Danger, refusal_text(&refusal))),
        None => note_text(&query("note")).filter(|_| !is_refused).map(|text| (Tone::Ok, text)),
    };
    let path = format!("/orgs/{}/members", organization.slug);
    let shown_in = organization.clone();
    let others: Vec<MemberItem> = match &list {
        Ok(page) => page.items.iter().filter(|member| member.user_id != me.id).cloned().collect(),
        Err(_) => Vec::new(),
    };
    let shown = match list {
        Ok(page) => view! { <List page organization=organization.clone() roles path=path.clone()/> }.into_any(),
        Err(error) => {
            server::set_status(error.code());
            view! { <Notice tone=Tone::Danger text=t("ui.no_such_list")/> }.into_any()
        }
    };
    view! {
        <OrganizationShell
            current=OrganizationArea::Members title=t("page.organization.members")
            purpose=t("page.members.purpose") me organization=shown_in refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            <form method="get" action=path class="search" role="search">
                <label for="q">{t("page.members.search")}</label>
                <input
                    class="input" type="search" id="q" name="q" value=query("q") maxlength="254" autocomplete="off"
                    autocapitalize="none" spellcheck="false"
                />
                <button type="submit" class="button button-secondary">{t("page.members.action")}</button>
            </form>
            {shown}
            <Ownership organization others/>
        </OrganizationShell>
    }
}

#[component]
fn List(page: Page<MemberItem>, organization: OrganizationView, roles: Vec<RoleItem>, path: String) -> impl IntoView {
    let Page { items, next } = page;
    if items.is_empty() {
        return view! { <div class="empty"><Icon name="users"/><p>{t("page.members.none")}</p></div> }.into_any();
    }
    let may_act = organization.may(OrganizationPermission::UpdateMembers)
        || organization.may(OrganizationPermission::RemoveMembers);
    let rows = items.into_iter().map(|item| {
        view! { <MemberRow item organization=organization.clone() roles=roles.clone() may_act/> }
    });
    let rows = rows.collect_view();
    let list = with_query(&path, &[("q", &query("q"))]);
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.organization.members")>
            <table class="table members">
                <thead>
                    <tr>
                        <th scope="col">{t("ui.name")}</th>
                        <th scope="col">{t("ui.role")}</th>
                        <th scope="col">{t("ui.department")}</th>
                        <th scope="col">{t("page.members.since")}</th>
                        {may_act.then(|| view! {
                            <th scope="col"><span class="visually-hidden">{t("page.members.acts")}</span></th>
                        })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Paging list next is_first=after().is_none()/>
    }
    .into_any()
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "changed" => Some(t("page.members.changed")),
        "removed" => Some(t("page.members.removed")),
        "transferred" => Some(t("page.members.transferred")),
        _ => None,
    }
}

//! The first page of an organization: what it is, who is in it, and what one may there.

use auth::flow;
use auth::organization::OrganizationPermission;
use auth::view::{Me, OrganizationView, RoleCount};
use leptos::prelude::*;

use super::account::query;
use super::members_picture::MembersPicture;
use super::words::permission_text;
use super::{refused, role_text, slug};
use crate::error::AppError;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Logo, Moment, Notice, OrganizationArea, OrganizationShell, Tone, facts, provide_zone};

/// Who asks, the organization, and how many are in it, for who may see that.
type Loaded = (Me, OrganizationView, Option<Vec<RoleCount>>);

async fn load(slug: String) -> Result<Loaded, AppError> {
    let (me, organization) = super::load(slug).await?;
    let counts = if organization.may(OrganizationPermission::ReadMembers) {
        let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
        Some(flow::count_members(&auth, &caller, &organization.id, &context).await?)
    } else {
        None
    };
    Ok((me, organization, counts))
}

/// The page `/orgs/{slug}`.
#[component]
pub fn OrganizationPage() -> impl IntoView {
    let asked = slug();
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, organization, counts)) => view! { <Overview me organization counts/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Overview(me: Me, organization: OrganizationView, counts: Option<Vec<RoleCount>>) -> impl IntoView {
    provide_zone(&me);
    let note = (query("note") == "created").then(|| t("page.organization.created"));
    let role = role_text(&organization.role, &organization.role_name);
    let department = organization.department.clone().unwrap_or_else(|| t("page.organization.no_department"));
    let own = [
        (t("page.organization.your_role").into_any(), role.into_any()),
        (t("ui.department").into_any(), department.into_any()),
        (t("page.organization.since").into_any(), view! { <Moment at=organization.joined_at/> }.into_any()),
        (t("page.organization.made").into_any(), view! { <Moment at=organization.created_at/> }.into_any()),
        (t("ui.slug").into_any(), view! { <code>{organization.slug.to_string()}</code> }.into_any()),
    ];
    let may = organization.permissions.iter().map(|permission| view! { <li>{permission_text(permission)}</li> });
    let may = may.collect_view();
    let shown_in = organization.clone();
    view! {
        <OrganizationShell
            current=OrganizationArea::Overview title=organization.name.to_string()
            purpose=t("page.organization.purpose") me organization=shown_in
        >
            {note.map(|text| view! { <Notice tone=Tone::Ok text/> })}
            <div class="card-grid">
                <section class="card">
                    <div class="card-head">
                        <h2>{t("page.organization.about")}</h2>
                        <Logo organization class="logo logo-large"/>
                    </div>
                    {facts(own)}
                </section>
                {counts.map(|counts| view! { <MembersPicture counts/> })}
            </div>
            <section class="card">
                <h2>{t("page.organization.you_may")}</h2>
                <ul class="plain-list may-list">{may}</ul>
            </section>
        </OrganizationShell>
    }
}

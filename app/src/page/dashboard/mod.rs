//! The first page behind the sign-in. What it shows beside one's own account comes part by part from the policies.

use auth::flow;
use auth::view::{DashboardView, JoinedByDomain, Me};
use leptos::prelude::*;

use super::joining::{DomainJoins, KeptInvitation, load_domain_joins};
use super::organization::OwnOrganizations;
use super::passkey_offer::{self, PasskeyOffer};
use super::what_just_happened;
use crate::error::AppError;
use crate::page::resource::resource;
use crate::server;
use crate::session::load_me;
use crate::text::{t, t_with};
use crate::ui::{Area, Icon, Moment, Notice, Shell, Tone, facts, provide_zone};
use office::Office;
use work::Work;

mod happened;
mod office;
mod work;

/// Who it is, and what concerns their work and office.
async fn load() -> (Result<(Me, DashboardView), AppError>, bool, Vec<JoinedByDomain>) {
    let is_offered = passkey_offer::is_due().await;
    let joins = load_domain_joins().await;
    (load_parts().await, is_offered, joins)
}

async fn load_parts() -> Result<(Me, DashboardView), AppError> {
    let me = load_me().await?;
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    Ok((me, flow::dashboard(&auth, &caller, &context).await?))
}

/// The page `/dashboard`.
#[component]
pub fn Dashboard() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    (Ok((me, parts)), is_offered, joins) => view! { <SignedIn me parts is_offered joins/> }.into_any(),
                    (Err(_), ..) => view! { <Notice tone=Tone::Info text=t("error.signed_out")/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn SignedIn(me: Me, parts: DashboardView, is_offered: bool, joins: Vec<JoinedByDomain>) -> impl IntoView {
    provide_zone(&me);
    let title = t_with("page.dashboard.title", &[("name", me.name.as_str())]);
    let DashboardView { work, office } = parts;
    view! {
        <Shell current=Area::Dashboard title purpose=t("page.dashboard.purpose") me=me.clone()>
            {server::setup_token().map(|_| view! { <SetupWaits/> })}
            <KeptInvitation/>
            <DomainJoins joins/>
            {office.map(|office| view! { <Office office/> })}
            {work.map(|work| view! { <Work work/> })}
            <OwnAccount me/>
            {is_offered.then(|| view! { <PasskeyOffer/> })}
        </Shell>
    }
}

/// Who one is, and the device at hand.
#[component]
fn OwnAccount(me: Me) -> impl IntoView {
    // The badge stands by the term: beside an address it would wrap as soon as that is long.
    let email = view! { {t("ui.email")}" "<span class="badge badge-ok">{t("page.dashboard.verified")}</span> };
    let account = [
        (email.into_any(), me.email.to_string().into_any()),
        (t("ui.name").into_any(), me.name.to_string().into_any()),
        (t("page.dashboard.member_since").into_any(), view! { <Moment at=me.created_at/> }.into_any()),
    ];
    let session = me.session.clone().map(|session| {
        let device = if session.device.is_empty() { t("page.dashboard.unknown_device") } else { session.device };
        facts([
            (t("page.dashboard.device").into_any(), device.into_any()),
            (t("page.dashboard.signed_in").into_any(), view! { <Moment at=session.signed_in_at/> }.into_any()),
            (t("page.dashboard.ends").into_any(), view! { <Moment at=session.expires_at/> }.into_any()),
        ])
    });
    let explained = what_just_happened::link_for(&server::auth(), &me);
    let organizations = me.organizations.clone();
    view! {
        <div class="card-grid">
            <section class="card"><h2>{t("page.dashboard.account")}</h2>{facts(account)}</section>
            <section class="card"><h2>{t("page.dashboard.session")}</h2>{session}{explained}</section>
            <OwnOrganizations organizations/>
        </div>
    }
}

/// The link that makes the first administrator was opened in this browser, and not used.
#[component]
fn SetupWaits() -> impl IntoView {
    // No `Notice`: that has an id, and another may stand on the same page.
    view! {
        <div class="notice notice-info">
            <Icon name="shield"/>
            <div>
                <p>{t("page.setup.waiting")}</p>
                <p><a href=server::SETUP>{t("page.setup.waiting_link")}</a></p>
            </div>
        </div>
    }
}

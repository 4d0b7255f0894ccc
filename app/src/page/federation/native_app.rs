//! "Continue to com.example.app?": what stands between a provider and a native app (RFC 8252, 8.6). A program of a
//! stranger can begin such a way in somebody's browser, and a provider that knows the browser asks nothing: so the app
//! and the account are named here, with how long the app would stay signed in (ASVS 5.0, 10.7.2), and the app gets
//! nothing before a link is pressed.

use auth::view::{NativeApp, NativeArrival};
use auth::{ErrorCode, ProviderId, flow};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{Entry, Notice, Tone};

const DAY: i64 = 24 * 60 * 60;

async fn load(provider: String, ticket: String) -> Option<NativeArrival> {
    let (provider, browser) = (ProviderId::parse(&provider)?, server::federation_cookie()?);
    flow::native_arrival(&server::auth(), &provider, &ticket.into(), &browser).await.ok().flatten()
}

/// The page `/sign-in/with/{provider}/app`.
#[component]
pub fn NativeAppPage() -> impl IntoView {
    let provider = use_params_map().get_untracked().get("provider").unwrap_or_default();
    let ticket = use_query_map().get_untracked().get("ticket").unwrap_or_default();
    let asked = (provider, ticket.clone());
    let arrival = resource(move || asked.clone(), |(provider, ticket)| load(provider, ticket));
    view! {
        <Suspense>
            {move || {
                let ticket = ticket.clone();
                Suspend::new(async move {
                    match arrival.await {
                        Some(arrival) => view! { <Ask arrival ticket/> }.into_any(),
                        None => view! { <Over/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

/// Which app, which account, for how long, and the two links. The ticket is one of ours: something was found by it.
#[component]
fn Ask(arrival: NativeArrival, ticket: String) -> impl IntoView {
    let NativeArrival { provider, app, account } = arrival;
    let (title, place) = match app {
        NativeApp::Named(name) => (t_with("page.native_app.title", &[("app", &name)]), name),
        NativeApp::ThisDevice(place) => (t("page.native_app.title_device"), place),
    };
    let facts = [
        (t("page.native_app.app"), place),
        (
            t_with("page.connect_account.your_provider", &[("provider", &provider.name)]),
            account.unwrap_or_else(|| t("page.native_app.no_account")),
        ),
        (t("page.native_app.lasts"), lasts()),
    ];
    let rows = facts.map(|(term, fact)| view! { <div><dt>{term}</dt><dd>{fact}</dd></div> });
    let [go_on, cancel] =
        ["continue", "cancel"].map(|act| format!("/sign-in/with/{}/app/{act}?ticket={ticket}", provider.id));
    view! {
        <Entry title lead=t("page.native_app.lead")>
            <dl class="facts">{rows.collect_view()}</dl>
            <p class="hint">{t("page.native_app.warning")}</p>
            <div class="actions">
                <a class="button button-primary" href=go_on>{t("page.connect_account.go_on")}</a>
                <a class="button button-secondary" href=cancel>{t("page.native_app.cancel")}</a>
            </div>
        </Entry>
    }
}

/// How long the session of an app lives.
fn lasts() -> String {
    let lifetimes = *server::auth().lifetimes();
    let [most, idle] = [lifetimes.session, lifetimes.session_idle].map(|seconds| (seconds / DAY).to_string());
    t_with("page.native_app.lasts_for", &[("days", &most), ("idle", &idle)])
}

/// It was answered, took too long, or waits in another browser.
#[component]
fn Over() -> impl IntoView {
    server::set_status(ErrorCode::FederationExpired);
    view! {
        <Entry title=t("page.federation.expired_title") refused=true>
            <Notice tone=Tone::Info text=t("page.native_app.over")/>
        </Entry>
    }
}

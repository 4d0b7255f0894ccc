//! Accounts of other services that open this one: which there are, connecting another and disconnecting one. Both ask
//! for a fresh proof. Connecting leads away by a link; what comes back is told here.

use auth::view::{ConnectionItem, Me, ProviderItem};
use auth::{ErrorCode, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::other_devices::offer_to_end_others;
use super::wanted_act::WantedAct;
use super::{query, refused};
use crate::error::AppError;
use crate::island::refusal_of;
use crate::page::ConnectPending;
use crate::page::federation::{icon_of, refusal_sentence};
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{Area, Icon, Notice, Shell, Tone, provide_zone};
use list::{Empty, List};

mod list;

pub(super) const PATH: &str = "/account/connections";

/// Disconnects an account of a provider from that of the signed-in person.
///
/// # Errors
/// It is none of theirs, or their last way in; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "disconnect_provider")]
pub async fn disconnect_provider(#[server(default)] connection: String) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::Disconnect { connection }.perform_or_ask().await
}

async fn load() -> Result<(Me, Vec<ConnectionItem>), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let me = auth.me(&caller).await?;
    Ok((me, flow::list_connections(&auth, &caller).await?))
}

/// The page `/account/connections`.
#[component]
pub fn ConnectionsPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, connections)) => view! { <Connections me connections/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Connections(me: Me, connections: Vec<ConnectionItem>) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(DisconnectProvider::PATH).or_else(|| refusal_of(ConnectPending::PATH));
    let came_back = query("refused");
    let is_refused = refusal.is_some() || !came_back.is_empty();
    let note = match refusal {
        Some(refusal) => Some((Tone::Danger, refusal_text(&refusal))),
        None if is_refused => Some((Tone::Danger, refusal_sentence(&came_back))),
        None => note_text(&query("note")),
    };
    let providers = flow::list_providers(&server::auth());
    let connected: Vec<_> = connections.iter().map(|item| item.provider.clone()).collect();
    let list =
        if connections.is_empty() { view! { <Empty/> }.into_any() } else { view! { <List connections/> }.into_any() };
    // With each, whether one account of it is connected already.
    let ways: Vec<_> = providers
        .into_iter()
        .map(|provider| {
            let is_other = connected.contains(&provider.id);
            (provider, is_other)
        })
        .collect();
    view! {
        <Shell
            current=Area::Connections title=t("page.connections.nav") purpose=t("page.connections.purpose") me
            refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            {offer_to_end_others(&["connected", "disconnected"], is_refused)}
            {list}
            <Connect ways/>
        </Shell>
    }
}

/// The services that can be connected, and what that changes.
#[component]
fn Connect(ways: Vec<(ProviderItem, bool)>) -> impl IntoView {
    if ways.is_empty() {
        // No `Notice`: that has an id, and what happened may be told on the same page.
        return view! {
            <p class="notice notice-info"><Icon name="info"/><span>{t("page.connections.no_providers")}</span></p>
        }
        .into_any();
    }
    let ways: Vec<_> = ways.into_iter().map(|(provider, is_other)| view! { <ConnectOne provider is_other/> }).collect();
    view! {
        <section class="card">
            <h2>{t("page.connections.connect_title")}</h2>
            <p>{t("page.connections.connect_text")}</p>
            <ul class="connect-ways">{ways}</ul>
        </section>
    }
    .into_any()
}

/// A link, because a form would not be let through to another site (CSP, `form-action`).
#[component]
fn ConnectOne(provider: ProviderItem, is_other: bool) -> impl IntoView {
    let ProviderItem { id, name, icon, .. } = provider;
    let words = if is_other {
        t_with("page.connections.connect_other", &[("provider", &name)])
    } else {
        t_with("page.connections.connect", &[("provider", &name)])
    };
    view! {
        <li>
            <a class="button button-secondary" href=format!("{PATH}/{id}/connect")>
                <Icon name=icon_of(icon) class="icon provider-icon"/>
                <span>{words}</span>
            </a>
        </li>
    }
}

fn refusal_text(refusal: &AppError) -> String {
    match refusal.code() {
        ErrorCode::NotFound => t("page.connections.not_found"),
        code => t(&format!("error.{}", code.as_str())),
    }
}

fn note_text(note: &str) -> Option<(Tone, String)> {
    match note {
        "connected" => Some((Tone::Ok, t("page.connections.connected"))),
        "disconnected" => Some((Tone::Ok, t("page.connections.disconnected"))),
        "proved" => Some((Tone::Info, t("page.connections.proved"))),
        _ => None,
    }
}

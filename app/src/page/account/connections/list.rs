//! The accounts that are connected, and disconnecting them.

use auth::view::ConnectionItem;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::DisconnectProvider;
use crate::page::federation::icon_of;
use crate::text::{t, t_with};
use crate::ui::{Icon, Moment};

/// Nothing yet: what a connection is and does.
#[component]
pub(super) fn Empty() -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name="link"/>
            <p>{t("page.connections.empty")}</p>
        </div>
    }
}

#[component]
pub(super) fn List(connections: Vec<ConnectionItem>) -> impl IntoView {
    view! {
        <ul class="devices">
            {connections.into_iter().map(|item| view! { <Connection item/> }).collect_view()}
        </ul>
    }
}

#[component]
fn Connection(item: ConnectionItem) -> impl IntoView {
    let id = item.id.as_str().to_owned();
    let heading = format!("connection-{id}");
    let used = match item.last_used_at {
        Some(at) => view! { <Moment at with_time=true/> }.into_any(),
        None => t("page.connections.never_used").into_any(),
    };
    let facts = [
        (t("page.connections.email"), item.email.unwrap_or_else(|| t("page.connections.no_email")).into_any()),
        (t("page.connections.since"), view! { <Moment at=item.connected_at with_time=true/> }.into_any()),
        (t("page.connections.last_used"), used),
    ];
    let rows = facts.map(|(term, fact)| view! { <div><dt>{term}</dt><dd>{fact}</dd></div> });
    let not_offered = (!item.is_offered).then(|| {
        view! {
            <p class="notice notice-info">
                <Icon name="info"/>
                <span>{t("page.connections.not_offered")}</span>
            </p>
        }
    });
    let act = if item.may_disconnect {
        let text = t_with("page.connections.disconnect_text", &[("provider", &item.provider_name)]);
        view! { <Disconnect id text heading=heading.clone()/> }.into_any()
    } else {
        view! { <CannotDisconnect id heading=heading.clone()/> }.into_any()
    };
    view! {
        <li class="card device">
            <div class="device-head connection-head">
                <Icon name=icon_of(item.icon) class="icon provider-icon"/>
                <h2 id=heading>{item.provider_name}</h2>
            </div>
            {not_offered}
            <dl class="device-facts">{rows.collect_view()}</dl>
            {act}
        </li>
    }
}

/// Quiet until it is needed: it opens onto what would happen, and the button that does it.
#[component]
fn Disconnect(id: String, text: String, heading: String) -> impl IntoView {
    view! {
        <details class="revoke">
            <summary aria-describedby=heading.clone()>{t("page.connections.disconnect")}</summary>
            <form method="post" action=DisconnectProvider::PATH>
                <p>{text}</p>
                <input type="hidden" name="connection" value=id/>
                <button type="submit" class="button button-danger button-small" aria-describedby=heading>
                    {t("page.connections.disconnect_action")}
                </button>
            </form>
        </details>
    }
}

/// The last way in stays, and the page says why and what to do.
#[component]
fn CannotDisconnect(id: String, heading: String) -> impl IntoView {
    let reason = format!("last-way-{id}");
    let described_by = format!("{heading} {reason}");
    view! {
        <div class="disconnect-not">
            <button type="button" class="button button-secondary button-small" disabled aria-describedby=described_by>
                {t("page.connections.disconnect")}
            </button>
            <p class="hint" id=reason>
                {t("page.connections.last_way")}" "
                <a href="/account/security">{t("page.connections.set_password")}</a>" · "
                <a href="/account/passkeys">{t("page.connections.add_passkey")}</a>
            </p>
        </div>
    }
}

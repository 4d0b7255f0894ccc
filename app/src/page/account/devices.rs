//! Where one is signed in, and ending it there, once the person was proved.

use auth::view::{Me, SessionItem};
use auth::{Cursor, ErrorCode, FactorMethod, Page, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::federation::with_provider;
use super::super::two_step::way_text;
use super::wanted_act::WantedAct;
use super::{Listed, NoList, address_text, after, device_text, query, refused};
use crate::error::AppError;
use crate::island::refusal_of;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Icon, Moment, Notice, Paging, Shell, Tone, provide_zone};

pub(super) const PATH: &str = "/account/sessions";

/// Ends one session of the signed-in person.
///
/// # Errors
/// It is none of theirs; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "end_session")]
pub async fn end_session(#[server(default)] session: String) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::EndSession { session }.perform_or_ask().await
}

/// Ends every session of the signed-in person but the one at hand.
///
/// # Errors
/// Nobody is signed in.
#[server(prefix = "/rpc", endpoint = "end_other_sessions")]
pub async fn end_other_sessions() -> Result<(), AppError> {
    server::caller()?;
    WantedAct::EndOtherSessions.perform_or_ask().await
}

async fn load(after: Option<Cursor>) -> Result<Listed<SessionItem>, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let me = auth.me(&caller).await?;
    let list = flow::list_sessions(&auth, &caller, after).await;
    Ok((me, list.map_err(AppError::from)))
}

/// The page `/account/sessions`.
#[component]
pub fn DevicesPage() -> impl IntoView {
    let after = after();
    let loaded = resource(move || after.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, list)) => view! { <Devices me list/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Devices(me: Me, list: Result<Page<SessionItem>, AppError>) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(EndSession::PATH).or_else(|| refusal_of(EndOtherSessions::PATH));
    let is_refused = refusal.is_some() || list.is_err();
    let note = match refusal {
        Some(refusal) => Some((Tone::Danger, refusal_text(&refusal))),
        None => note_text(&query("note")).filter(|_| !is_refused).map(|text| (Tone::Ok, text)),
    };
    let list = match list {
        Ok(page) => view! { <List page/> }.into_any(),
        Err(error) => view! { <NoList error list=PATH/> }.into_any(),
    };
    view! {
        <Shell
            current=Area::Devices title=t("page.devices.nav") purpose=t("page.devices.purpose") me
            refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            {list}
        </Shell>
    }
}

fn refusal_text(refusal: &AppError) -> String {
    match refusal.code() {
        ErrorCode::NotFound => t("page.devices.not_found"),
        code => t(&format!("error.{}", code.as_str())),
    }
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "ended" => Some(t("page.devices.ended")),
        "others_ended" => Some(t("page.devices.others_ended")),
        _ => None,
    }
}

#[component]
fn List(page: Page<SessionItem>) -> impl IntoView {
    let is_first = after().is_none();
    let Page { mut items, next } = page;
    // The device at hand first; the others stay in their order.
    items.sort_by_key(|item| !item.is_current);
    let has_others = !is_first || next.is_some() || items.iter().any(|item| !item.is_current);
    view! {
        {has_others.then(|| view! {
            <form method="post" action=EndOtherSessions::PATH class="actions">
                <button type="submit" class="button button-danger">{t("page.devices.end_others")}</button>
            </form>
        })}
        <ul class="devices">{items.into_iter().map(|item| view! { <Device item/> }).collect_view()}</ul>
        {(!has_others).then(|| view! {
            <div class="empty"><Icon name="devices"/><p>{t("page.devices.no_others")}</p></div>
        })}
        <Paging list=PATH next is_first/>
    }
}

#[component]
fn Device(item: SessionItem) -> impl IntoView {
    let SessionItem { id, device, method, factor, address, signed_in_at, last_seen_at, is_current, is_impersonation } =
        item;
    let heading = format!("device-{}", id.as_str());
    let is_phone = ["iPhone", "Android"].iter().any(|system| device.contains(system));
    let icon = match (is_impersonation, is_phone) {
        (true, _) => "users",
        (false, true) => "phone",
        (false, false) => "display",
    };
    let name = if is_impersonation { t("page.devices.administrator") } else { device_text(&device) };
    let facts = [
        (t("page.devices.method"), way_in_text(&method, factor).into_any()),
        (t("page.devices.first_seen"), view! { <Moment at=signed_in_at with_time=true/> }.into_any()),
        (t("page.devices.last_seen"), view! { <Moment at=last_seen_at with_time=true/> }.into_any()),
        (t("ui.address"), address_text(&address).into_any()),
    ];
    let rows = facts.map(|(term, fact)| view! { <div><dt>{term}</dt><dd>{fact}</dd></div> });
    let end = if is_current {
        view! { <span class="badge badge-ok">{t("page.devices.this_device")}</span> }.into_any()
    } else {
        view! {
            <form method="post" action=EndSession::PATH>
                <input type="hidden" name="session" value=id.as_str().to_owned()/>
                <button type="submit" class="button button-secondary button-small" aria-describedby=heading.clone()>
                    {t("page.devices.end")}
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <li class="card device">
            <div class="device-head">
                <Icon name=icon/>
                <h2 id=heading>{name}</h2>
                {end}
            </div>
            <dl class="device-facts">{rows.collect_view()}</dl>
        </li>
    }
}

/// How a session was proved, with the second factor that was proved in it last.
fn way_in_text(method: &str, factor: Option<FactorMethod>) -> String {
    let first = method_text(method);
    match factor.map(way_text).filter(|second| *second != first) {
        Some(second) => format!("{first} · {second}"),
        None => first,
    }
}

/// How a session was proved (`amr`, RFC 8176), in words.
pub(in crate::page) fn method_text(method: &str) -> String {
    match method {
        "pwd" => t("ui.password"),
        "passkey" => way_text(FactorMethod::Passkey),
        "impersonation" => t("page.devices.administrator"),
        other => match other.strip_prefix("provider:") {
            // It proved a second factor as well.
            Some(provider) => with_provider(provider.strip_suffix(":mfa").unwrap_or(provider)),
            None => other.to_owned(),
        },
    }
}

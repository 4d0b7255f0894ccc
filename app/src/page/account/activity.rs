//! What happened to the account, newest first.

use auth::text::event_text;
use auth::view::{ActivityItem, Me};
use auth::{Cursor, ErrorCode, EventFilter, EventKind, Page, Permission, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::{Listed, NoList, address_text, after, device_text, query, refused};
use crate::error::AppError;
use crate::page::SecureAccountByEvent;
use crate::page::resource::resource;
use crate::server;
use crate::text::{locale, t};
use crate::ui::{Area, Icon, Moment, Paging, Shell, provide_zone};

const PATH: &str = "/account/activity";

async fn load((filter, after): (String, Option<Cursor>)) -> Result<Listed<ActivityItem>, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let me = auth.me(&caller).await?;
    let Some(filter) = EventFilter::parse(&filter) else {
        return Ok((me, Err(ErrorCode::MalformedRequest.into())));
    };
    let list = flow::list_activity(&auth, &caller, filter, after).await;
    Ok((me, list.map_err(AppError::from)))
}

/// The page `/account/activity`.
#[component]
pub fn ActivityPage() -> impl IntoView {
    let asked = (query("filter"), after());
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, list)) => view! { <Activity me list/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Activity(me: Me, list: Result<Page<ActivityItem>, AppError>) -> impl IntoView {
    provide_zone(&me);
    let chosen = EventFilter::parse(&query("filter"));
    let is_refused = list.is_err();
    // What one did as an administrator is offered to administrators.
    let is_admin = me.role.grants(Permission::ReadUsers);
    let offered = EventFilter::ALL.into_iter().filter(move |filter| is_admin || *filter != EventFilter::Administration);
    let filters = offered.map(move |filter| {
        let is_chosen = chosen == Some(filter);
        view! { <li><a href=list_path(filter) aria-current=is_chosen.then_some("true")>{t(filter_key(filter))}</a></li> }
    });
    let list = match list {
        Ok(page) => view! { <List page filter=chosen.unwrap_or_default()/> }.into_any(),
        Err(error) => view! { <NoList error list=PATH/> }.into_any(),
    };
    view! {
        <Shell
            current=Area::Activity title=t("page.activity.nav") purpose=t("page.activity.purpose") me
            refused=is_refused
        >
            <nav class="filters" aria-label=t("page.activity.filters")><ul>{filters.collect_view()}</ul></nav>
            {list}
        </Shell>
    }
}

#[component]
fn List(page: Page<ActivityItem>, filter: EventFilter) -> impl IntoView {
    let Page { items, next } = page;
    let list = if items.is_empty() {
        view! { <div class="empty"><Icon name="clock"/><p>{t(empty_key(filter))}</p></div> }.into_any()
    } else {
        view! { <ol class="events">{items.into_iter().map(|item| view! { <Event item/> }).collect_view()}</ol> }
            .into_any()
    };
    view! {
        {list}
        <Paging list=list_path(filter) next is_first=after().is_none()/>
    }
}

#[component]
fn Event(item: ActivityItem) -> impl IntoView {
    let (icon, class) = event_look(item.kind);
    let origin = origin_is_told(item.kind)
        .then(|| format!("{} · {} · ", device_text(&item.device), address_text(&item.address)));
    view! {
        <li class=class>
            <Icon name=icon/>
            <div>
                <p>{event_text(locale(), item.kind)}</p>
                <p class="muted">{origin}<Moment at=item.at with_time=true/></p>
            </div>
            <NotMe event=item.id/>
        </li>
    }
}

/// "This was not me": asked once more before it happens, because it signs this device out, too.
#[component]
fn NotMe(event: String) -> impl IntoView {
    view! {
        <details class="not-me">
            <summary>{t("page.activity.not_me")}</summary>
            <form method="post" action=SecureAccountByEvent::PATH>
                <p>{t("page.activity.not_me_text")}</p>
                <input type="hidden" name="event" value=event/>
                <button type="submit" class="button button-danger button-small">{t("page.not_me.action")}</button>
            </form>
        </details>
    }
}

/// Whether it is told from where something was done: not what an administrator did.
pub(in crate::page) const fn origin_is_told(kind: EventKind) -> bool {
    !matches!(
        kind,
        EventKind::SessionEndedByAdmin
            | EventKind::SessionsEndedByAdmin
            | EventKind::FactorsResetByAdmin
            | EventKind::FactorRemovedByAdmin
            | EventKind::UserSuspended
            | EventKind::UserUnsuspended
            | EventKind::UserImpersonated
            | EventKind::UserImpersonationEnded
    )
}

/// The icon of an event and its class: what somebody else may have done stands out.
pub(in crate::page) fn event_look(kind: EventKind) -> (&'static str, &'static str) {
    let icon = match kind {
        EventKind::SessionRefused
        | EventKind::SessionCodeRefused
        | EventKind::SessionActRefused
        | EventKind::SessionRefusedSuspended
        | EventKind::UserImpersonated
        | EventKind::SessionRefreshTokenReused
        | EventKind::SessionCodeReused
        | EventKind::FactorRecoveryRequested
        | EventKind::PasskeyCounterRegressed => {
            return ("alert", "event event-warn");
        }
        EventKind::SessionSignedOut
        | EventKind::SessionEnded
        | EventKind::SessionEndedByAdmin
        | EventKind::SessionsEndedByAdmin
        | EventKind::SessionOthersEnded => "sign-out",
        EventKind::TokenCreated => "code",
        EventKind::TokenRevoked | EventKind::TokensRevoked => "close",
        other => match other.filter() {
            EventFilter::SignIn => "key",
            EventFilter::Password => "lock",
            EventFilter::Address => "mail",
            EventFilter::Profile => "user",
            EventFilter::Administration => "sliders",
            EventFilter::Organization => "building",
            EventFilter::All => "clock",
        },
    };
    (icon, "event")
}

/// The address of the first page of a part of the list.
fn list_path(filter: EventFilter) -> String {
    match filter {
        EventFilter::All => PATH.to_owned(),
        part => format!("{PATH}?filter={}", part.as_str()),
    }
}

fn filter_key(filter: EventFilter) -> &'static str {
    match filter {
        EventFilter::All => "page.activity.all",
        EventFilter::SignIn => "page.activity.sign_in",
        EventFilter::Password => "page.activity.password",
        EventFilter::Address => "page.activity.address",
        EventFilter::Profile => "page.activity.profile",
        EventFilter::Administration => "page.admin.nav",
        EventFilter::Organization => "page.activity.organization",
    }
}

fn empty_key(filter: EventFilter) -> &'static str {
    match filter {
        EventFilter::All => "page.activity.empty",
        EventFilter::SignIn => "page.activity.empty_sign_in",
        EventFilter::Password => "page.activity.empty_password",
        EventFilter::Address => "page.activity.empty_address",
        EventFilter::Profile => "page.activity.empty_profile",
        EventFilter::Administration => "page.activity.empty_administration",
        EventFilter::Organization => "page.activity.empty_organization",
    }
}

//! Sign-ins that looked unusual: the days in a picture, and each with what was odd about it.

use auth::anomaly::{AnomalyOutcome, AnomalyReason};
use auth::view::{Anomalies, AnomalyDay, AnomalyItem, AnomalyRecord, AnomalyTravel, Me};
use auth::{Cursor, ErrorCode, Permission, flow};
use leptos::prelude::*;

use super::account::{NoList, address_text, after, device_text, query};
use super::refused;
use crate::error::AppError;
use crate::page::listed::told;
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{
    Area, BarChart, Icon, Mark, Moment, Numbers, Paging, Series, Shell, plain, provide_zone, short_day_words,
};

const PATH: &str = "/admin/anomalies";

/// Who asks, and what there is.
type Found = (Me, Result<Anomalies, AppError>);

async fn load((reason, after): (String, Option<Cursor>)) -> Result<Found, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    // Whether it may be seen comes before what is wrong with the address.
    flow::require_permission(&auth, &caller, Permission::ReadAudit).await?;
    let me = auth.me(&caller).await?;
    let wanted = AnomalyReason::parse(&reason);
    if wanted.is_none() && !reason.is_empty() {
        return Ok((me, Err(ErrorCode::MalformedRequest.into())));
    }
    let found = told(flow::show_anomalies(&auth, &caller, wanted, after).await)?;
    Ok((me, found))
}

/// The page `/admin/anomalies`.
#[component]
pub fn AdminAnomaliesPage() -> impl IntoView {
    let asked = (query("reason"), after());
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, found)) => view! { <Shown me found/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Shown(me: Me, found: Result<Anomalies, AppError>) -> impl IntoView {
    provide_zone(&me);
    let is_refused = found.is_err();
    let chosen = AnomalyReason::parse(&query("reason"));
    let sees_users = me.role.grants(Permission::ReadUsers);
    let filters = std::iter::once(None).chain(AnomalyReason::ALL.map(Some)).map(move |reason| {
        let is_chosen = reason == chosen;
        let words = reason.map_or("page.admin_anomalies.all", reason_key);
        view! { <li><a href=list_path(reason) aria-current=is_chosen.then_some("true")>{t(words)}</a></li> }
    });
    let filters = filters.collect_view();
    let found = match found {
        Ok(anomalies) => view! { <Overview anomalies chosen sees_users filters=filters.into_any()/> }.into_any(),
        Err(error) => view! {
            <nav class="filters" aria-label=t("page.admin_anomalies.filters")><ul>{filters}</ul></nav>
            <NoList error list=PATH/>
        }
        .into_any(),
    };
    view! {
        <Shell
            current=Area::Anomalies title=t("page.admin_anomalies.nav") purpose=t("page.admin_anomalies.purpose") me
            refused=is_refused
        >
            {found}
        </Shell>
    }
}

#[component]
fn Overview(anomalies: Anomalies, chosen: Option<AnomalyReason>, sees_users: bool, filters: AnyView) -> impl IntoView {
    let Anomalies { days, items, next } = anomalies;
    view! {
        <section class="card">
            <h2>{t("page.admin_anomalies.days")}</h2>
            <BarChart numbers=numbers(&days)/>
        </section>
        <nav class="filters" aria-label=t("page.admin_anomalies.filters")><ul>{filters}</ul></nav>
        <List items chosen sees_users/>
        <Paging list=list_path(chosen) next is_first=after().is_none()/>
    }
    .into_any()
}

/// How many there were on each day, by reason.
fn numbers(days: &[AnomalyDay]) -> Numbers {
    let marks = [Mark::Full, Mark::Stripes, Mark::Dots, Mark::Frame];
    let series = AnomalyReason::ALL.into_iter().zip(marks).map(|(reason, mark)| Series {
        name: t(reason_key(reason)),
        mark,
        values: days.iter().map(|day| Some(day.of(reason))).collect(),
    });
    let total: i64 = days.iter().flat_map(|day| AnomalyReason::ALL.map(|reason| day.of(reason))).sum();
    // What did not happen needs no place in the legend.
    let seen = series.filter(|series| series.values.iter().flatten().any(|value| *value > 0));
    Numbers {
        id: "anomalies",
        title: t("page.admin_anomalies.days"),
        described: t_with("page.admin_anomalies.described", &[("count", &total.to_string())]),
        places: days.iter().map(|day| short_day_words(day.start)).collect(),
        place_name: t("page.admin_overview.day"),
        series: seen.collect(),
        said: plain,
    }
}

#[component]
fn List(items: Vec<AnomalyItem>, chosen: Option<AnomalyReason>, sees_users: bool) -> impl IntoView {
    if items.is_empty() {
        let words = if chosen.is_some() { "page.admin_anomalies.none" } else { "page.admin_anomalies.empty" };
        return view! { <div class="empty"><Icon name="globe"/><p>{t(words)}</p></div> }.into_any();
    }
    let rows = items.into_iter().map(|item| view! { <Anomaly item sees_users/> }).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t("page.admin_anomalies.nav")>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t("page.admin_anomalies.who")}</th>
                        <th scope="col">{t("page.admin_anomalies.when")}</th>
                        <th scope="col">{t("page.admin_anomalies.why")}</th>
                        <th scope="col">{t("page.admin_anomalies.points")}</th>
                        <th scope="col">{t("page.admin_anomalies.origin")}</th>
                        <th scope="col">{t("page.admin_anomalies.outcome")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Anomaly(item: AnomalyItem, sees_users: bool) -> impl IntoView {
    let AnomalyItem { user_id, email, name, record, .. } = item;
    let who = if sees_users {
        view! { <a href=format!("/admin/users/{}", user_id.as_str())>{name.to_string()}</a> }.into_any()
    } else {
        name.to_string().into_any()
    };
    let origin = format!("{} · {}", device_text(&record.device), address_text(&record.address));
    view! {
        <tr>
            <th scope="row">{who}<p class="muted">{email.to_string()}</p></th>
            <td><Moment at=record.at with_time=true/></td>
            <td><ul class="plain-list">{reasons(&record)}</ul></td>
            <td class="number">{record.points}</td>
            <td>{origin}</td>
            <td>{outcome(record.outcome)}</td>
        </tr>
    }
    .into_any()
}

/// Each reason in words, with what it is about.
fn reasons(record: &AnomalyRecord) -> AnyView {
    let reasons = record.reasons.iter().map(|reason| {
        let more = match (reason, &record.travel) {
            (AnomalyReason::ImpossibleTravel, Some(travel)) => Some(travel_text(travel)),
            (AnomalyReason::ManyAccounts, _) => {
                Some(t_with("page.admin_anomalies.accounts", &[("count", &record.accounts.to_string())]))
            }
            _ => None,
        };
        let more = more.map(|text| view! { <span class="muted">" · "{text}</span> });
        view! { <li>{t(reason_key(*reason))}{more}</li> }
    });
    reasons.collect_view().into_any()
}

fn travel_text(travel: &AnomalyTravel) -> String {
    let place = |words: &str| if words.is_empty() { t("page.admin_anomalies.somewhere") } else { words.to_owned() };
    let minutes = (travel.seconds / 60).to_string();
    let values = [
        ("from", place(&travel.from)),
        ("to", place(&travel.to)),
        ("kilometres", travel.kilometres.to_string()),
        ("minutes", minutes),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    t_with("page.admin_anomalies.travel", &values)
}

fn outcome(outcome: AnomalyOutcome) -> AnyView {
    let (class, words) = match outcome {
        AnomalyOutcome::LetIn => ("badge", "page.admin_anomalies.let_in"),
        AnomalyOutcome::Asked => ("badge badge-warn", "page.admin_anomalies.asked"),
        AnomalyOutcome::Proved => ("badge badge-ok", "page.admin_anomalies.proved"),
        AnomalyOutcome::Ended => ("badge badge-danger", "page.admin_anomalies.ended"),
    };
    view! { <span class=class>{t(words)}</span> }.into_any()
}

const fn reason_key(reason: AnomalyReason) -> &'static str {
    match reason {
        AnomalyReason::ImpossibleTravel => "page.admin_anomalies.impossible_travel",
        AnomalyReason::NewDevice => "page.admin_anomalies.new_device",
        AnomalyReason::ManyAccounts => "page.admin_anomalies.many_accounts",
        AnomalyReason::TokenReuse => "page.admin_anomalies.token_reuse",
    }
}

fn list_path(reason: Option<AnomalyReason>) -> String {
    reason.map_or_else(|| PATH.to_owned(), |reason| format!("{PATH}?reason={}", reason.as_str()))
}

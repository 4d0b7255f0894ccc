//! The platform, for who has an office on it: people, mails, the log, numbers.

use auth::view::{AuditStateView, OfficeView, PlatformNumbers, SignedUpView};
use leptos::prelude::*;

use super::happened::Happened;
use crate::text::{t, t_with};
use crate::ui::{Moment, facts};

/// The platform, part by part: what is not for the reader is not there.
#[component]
pub(super) fn Office(office: OfficeView) -> impl IntoView {
    let OfficeView { sign_ups, failed_mails, audit, numbers } = office;
    view! {
        <section class="dashboard-part" aria-labelledby="office">
            <header class="card-head">
                <h2 id="office">{t("page.office.title")}</h2>
                <a href="/admin">{t("page.office.to_administration")}</a>
            </header>
            <div class="card-grid">
                {numbers.map(|numbers| view! { <Numbers numbers/> })}
                {sign_ups.map(|sign_ups| view! { <People sign_ups/> })}
                {failed_mails.map(|failed| view! { <Mails failed/> })}
                {audit.map(|state| view! { <Log state/> })}
            </div>
        </section>
    }
}

/// How many there are of everything.
#[component]
fn Numbers(numbers: PlatformNumbers) -> impl IntoView {
    let PlatformNumbers { accounts, organizations, offices } = numbers;
    let rows = [
        (t("page.office.accounts").into_any(), count_text(accounts).into_any()),
        (t("page.office.organizations").into_any(), count_text(organizations).into_any()),
        (t("page.office.offices").into_any(), count_text(offices).into_any()),
    ];
    let places = [
        ("/admin/organizations", "page.office.organizations"),
        ("/admin/policies", "page.office.policies"),
        ("/admin/settings", "page.office.settings"),
        ("/admin/health", "page.office.health"),
    ];
    let places = places.map(|(path, name)| view! { <li><a href=path>{t(name)}</a></li> });
    view! {
        <section class="card">
            <h3>{t("page.office.numbers")}</h3>
            {facts(rows)}
            <ul class="dashboard-links">{places.collect_view()}</ul>
        </section>
    }
}

/// How many, as far as they were counted.
fn count_text(count: i64) -> String {
    let text = count.to_string();
    if count < PlatformNumbers::MOST_COUNTED { text } else { t_with("page.office.or_more", &[("count", &text)]) }
}

/// Looking for somebody, and who came last.
#[component]
fn People(sign_ups: Vec<SignedUpView>) -> impl IntoView {
    let rows = sign_ups.into_iter().map(|SignedUpView { id, email, created_at }| {
        let path = format!("/admin/users/{}", id.as_str());
        view! {
            <li>
                <a href=path>{email.to_string()}</a>
                <span class="muted"><Moment at=created_at with_time=true/></span>
            </li>
        }
    });
    view! {
        <section class="card">
            <h3>{t("page.office.people")}</h3>
            <form method="get" action="/admin/users" class="search" role="search">
                <label for="q">{t("page.office.search")}</label>
                <input
                    class="input" type="search" id="q" name="q" maxlength="254" autocomplete="off" autocapitalize="none"
                    spellcheck="false"
                />
                <button type="submit" class="button button-secondary">{t("page.office.search_action")}</button>
            </form>
            <h4>{t("page.office.sign_ups")}</h4>
            <ul class="dashboard-list">{rows.collect_view()}</ul>
        </section>
    }
}

/// Mails that nobody got.
#[component]
fn Mails(failed: i64) -> impl IntoView {
    let text = match failed {
        0 => t("page.office.no_failed_mails"),
        1 => t("page.office.one_failed_mail"),
        _ => t_with("page.office.failed_mails", &[("count", &failed.to_string())]),
    };
    view! {
        <section class="card">
            <h3>{t("page.office.mails")}</h3>
            <p>{text}</p>
            <div class="actions"><a class="button button-secondary" href="/admin/mails">{t("page.office.to_mails")}</a></div>
        </section>
    }
}

/// How the audit log stands, and what was refused last.
#[component]
fn Log(state: AuditStateView) -> impl IntoView {
    let AuditStateView { lines, sealed_at, refused } = state;
    let sealed = match sealed_at {
        Some(at) => view! { <Moment at with_time=true/> }.into_any(),
        None => t("page.office.not_sealed").into_any(),
    };
    let rows = [
        (t("page.office.lines").into_any(), lines.to_string().into_any()),
        (t("page.office.sealed").into_any(), sealed),
    ];
    view! {
        <section class="card">
            <h3>{t("page.office.audit")}</h3>
            {facts(rows)}
            <h4>{t("page.office.refused")}</h4>
            <Happened lines=refused nothing=t("page.office.nothing_refused")/>
            <div class="actions"><a class="button button-secondary" href="/admin/audit">{t("page.office.to_audit")}</a></div>
        </section>
    }
}

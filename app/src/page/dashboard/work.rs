//! The organization one works in: what to read, what one writes, and what one looks after in it.

use auth::ErrorCode;
use auth::organization::{BuiltInRole, Slug};
use auth::view::{DocumentItem, MemberCounts, OwnershipView, WorkView};
use leptos::prelude::*;

use super::happened::Happened;
use crate::page::documents::{DocumentRows, list_path};
use crate::text::{t, t_with};
use crate::ui::{Icon, Moment, facts};

/// The organization, part by part: what is not for the reader is not there.
#[component]
pub(super) fn Work(work: WorkView) -> impl IntoView {
    let WorkView { slug, name, role_name, asks, recent, drafts, invitations, members, lines, ownership } = work;
    let home = format!("/orgs/{slug}");
    let audit = format!("{home}/audit");
    let look_after = (invitations.is_some() || members.is_some())
        .then(|| view! { <LookAfter home=home.clone() invitations members/> });
    let lines = lines.map(|lines| {
        view! {
            <section class="card">
                <h3>{t("page.work.lines")}</h3>
                <Happened lines nothing=t("page.work.no_lines")/>
                <div class="actions"><a class="button button-secondary" href=audit>{t("page.work.to_audit")}</a></div>
            </section>
        }
    });
    let ownership = ownership.map(|ownership| view! { <Ownership ownership home=home.clone()/> });
    view! {
        <section class="dashboard-part" aria-labelledby="work">
            <header class="card-head">
                <h2 id="work"><a href=home>{name.to_string()}</a></h2>
                <span class="badge">{role_text(&role_name)}</span>
            </header>
            {asks.map(|code| view! { <Asks code/> })}
            {drafts.map(|items| view! { <Drafts slug=slug.clone() items/> })}
            {recent.map(|items| view! { <Recent slug=slug.clone() items/> })}
            <div class="card-grid">{look_after}{lines}{ownership}</div>
        </section>
    }
}

/// The name of a role in words; one of their own is called as its organization calls it.
fn role_text(name: &str) -> String {
    match BuiltInRole::parse(name) {
        Some(BuiltInRole::Owner) => t("page.work.role_owner"),
        Some(BuiltInRole::Admin) => t("page.work.role_admin"),
        Some(BuiltInRole::Member) => t("page.work.role_member"),
        Some(BuiltInRole::Viewer) => t("page.work.role_viewer"),
        None => name.to_owned(),
    }
}

/// What it asks for before it shows anything.
#[component]
fn Asks(code: ErrorCode) -> impl IntoView {
    let (text, path, action) = match code {
        ErrorCode::SecondFactorRequired => {
            ("page.work.asks_factor", "/account/security", "page.documents.factor_action")
        }
        _ => ("page.work.asks_other", "/account/security", "page.work.to_security"),
    };
    view! {
        <div class="empty">
            <Icon name="lock"/>
            <p>{t(text)}</p>
            <a class="button button-secondary" href=path>{t(action)}</a>
        </div>
    }
}

/// What the reader is writing.
#[component]
fn Drafts(slug: Slug, items: Vec<DocumentItem>) -> impl IntoView {
    let new = format!("{}/new", list_path(&slug));
    let content = if items.is_empty() {
        view! { <p class="muted">{t("page.work.no_drafts")}</p> }.into_any()
    } else {
        view! { <DocumentRows slug items label=t("page.work.drafts")/> }.into_any()
    };
    view! {
        <div class="dashboard-block">
            <div class="card-head">
                <h3>{t("page.work.drafts")}</h3>
                <a class="button button-secondary button-small" href=new>{t("page.documents.new")}</a>
            </div>
            {content}
        </div>
    }
}

/// What changed last among what the reader may read.
#[component]
fn Recent(slug: Slug, items: Vec<DocumentItem>) -> impl IntoView {
    let all = list_path(&slug);
    let content = if items.is_empty() {
        view! { <p class="muted">{t("page.work.no_documents")}</p> }.into_any()
    } else {
        view! { <DocumentRows slug items label=t("page.work.recent")/> }.into_any()
    };
    view! {
        <div class="dashboard-block">
            <div class="card-head"><h3>{t("page.work.recent")}</h3><a href=all>{t("page.work.all_documents")}</a></div>
            {content}
        </div>
    }
}

/// Who is asked in, and who is easier to break into than need be.
#[component]
fn LookAfter(home: String, invitations: Option<i64>, members: Option<MemberCounts>) -> impl IntoView {
    let invitations = invitations.map(|open| {
        let path = format!("{home}/invitations");
        view! { <div><dt>{t("page.work.invitations")}</dt><dd><a href=path>{open.to_string()}</a></dd></div> }
    });
    let members = members.map(|MemberCounts { all, without_factor }| {
        let path = format!("{home}/members");
        let (some, all) = (without_factor.to_string(), all.to_string());
        let said = t_with("page.work.of_members", &[("count", &some), ("all", &all)]);
        view! { <div><dt>{t("page.work.without_factor")}</dt><dd><a href=path>{said}</a></dd></div> }
    });
    view! {
        <section class="card">
            <h3>{t("page.work.look_after")}</h3>
            <dl class="facts">{invitations}{members}</dl>
        </section>
    }
}

/// What only owners answer for.
#[component]
fn Ownership(ownership: OwnershipView, home: String) -> impl IntoView {
    let OwnershipView { owners, documents, created_at, factor_required_from, delete_at } = ownership;
    let alone = (owners == 1).then(|| view! { <p class="muted">{t("page.work.alone")}</p> });
    let moment_or = |at: Option<_>, other: &str| match at {
        Some(at) => view! { <Moment at/> }.into_any(),
        None => t(other).into_any(),
    };
    let rows = [
        (t("page.work.owners").into_any(), owners.to_string().into_any()),
        (t("page.work.documents").into_any(), documents.to_string().into_any()),
        (t("page.work.since").into_any(), view! { <Moment at=created_at/> }.into_any()),
        (t("page.work.factor_from").into_any(), moment_or(factor_required_from, "page.work.not_required")),
        (t("page.work.goes_at").into_any(), moment_or(delete_at, "page.work.stays")),
    ];
    let settings = format!("{home}/settings");
    view! {
        <section class="card danger-zone">
            <h3>{t("page.work.ownership")}</h3>
            {facts(rows)}
            {alone}
            <div class="actions"><a class="button button-secondary" href=settings>{t("page.work.to_settings")}</a></div>
        </section>
    }
}

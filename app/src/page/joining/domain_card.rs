//! One mail domain: how it stands, the record that proves it, and who joins by it.

use auth::view::{DomainItem, DomainState, RoleItem};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::domains::{ChangeDomain, CheckDomain, ReleaseDomain};
use super::organization::role_text;
use super::role_choice::options;
use crate::island::CopyButton;
use crate::text::t;
use crate::ui::{Icon, Moment};

/// The card.
#[component]
pub(super) fn DomainCard(item: DomainItem, slug: String, roles: Vec<RoleItem>, may_manage: bool) -> impl IntoView {
    let id = item.id.as_str().to_owned();
    let heading = format!("domain-{id}");
    let (class, state, text) = words_of(item.state);
    let is_proved = item.state == DomainState::Verified;
    let facts = [
        item.checked_at.map(|at| (t("page.domains.checked"), at)),
        item.lost_at.map(|at| (t("page.domains.lost_at"), at)),
    ];
    let rows = facts.into_iter().flatten().map(|(term, at)| {
        view! { <div><dt>{term}</dt><dd><Moment at with_time=true/></dd></div> }
    });
    let rows = rows.collect_view();
    let joins = match &item.join_role {
        Some(role) => {
            let name = roles.iter().find(|choice| choice.id == *role).map_or("", |choice| choice.name.as_str());
            role_text(role, name)
        }
        None => t("page.domains.nobody_joins"),
    };
    let check = may_manage.then(|| view! { <Check id=id.clone() slug=slug.clone() heading=heading.clone()/> });
    let record = (!is_proved).then(|| view! { <Record id=id.clone() record=item.record.clone()/> });
    let rule = may_manage.then(|| {
        let chosen = item.join_role.clone().unwrap_or_default();
        view! { <JoinRule id=id.clone() slug=slug.clone() roles chosen/> }
    });
    let release = may_manage.then(|| view! { <Release id=id.clone() slug heading=heading.clone()/> });
    view! {
        <section class="card" aria-labelledby=heading.clone()>
            <div class="card-head">
                <h2 id=heading.clone() class="domain-name"><Icon name="globe"/>{item.domain.to_string()}</h2>
                <span class=class>{state}</span>
            </div>
            <p class="muted">{text}</p>
            {record}
            <dl class="device-facts">
                {rows}
                <div><dt>{t("page.domains.joins")}</dt><dd>{joins}</dd></div>
            </dl>
            {check}
            {rule}
            {release}
        </section>
    }
}

/// What must stand in the DNS. Not given to the island: it is read from the page.
#[component]
fn Record(id: String, record: String) -> impl IntoView {
    let of = format!("record-{id}");
    view! {
        <div class="domain-record">
            <p>{t("page.domains.record")}</p>
            <p class="made-token">
                <code class="code" id=of.clone()>{record}</code>
                <CopyButton
                    of label=t("page.domains.copy") copied=t("page.domains.copied") failed=t("page.domains.copy_failed")
                />
            </p>
        </div>
    }
}

#[component]
fn Check(id: String, slug: String, heading: String) -> impl IntoView {
    view! {
        <form method="post" action=CheckDomain::PATH class="actions">
            <input type="hidden" name="organization" value=slug/>
            <input type="hidden" name="domain" value=id/>
            <button type="submit" class="button button-secondary" aria-describedby=heading>{t("page.domains.check")}</button>
        </form>
    }
}

/// Who joins by themselves, and as what.
#[component]
fn JoinRule(id: String, slug: String, roles: Vec<RoleItem>, chosen: String) -> impl IntoView {
    let field = format!("join-{id}");
    let is_nobody = chosen.is_empty();
    let choices = options(roles, &chosen);
    view! {
        <form method="post" action=ChangeDomain::PATH class="form account-form">
            <input type="hidden" name="organization" value=slug/>
            <input type="hidden" name="domain" value=id/>
            <div class="field">
                <div class="field-head"><label for=field.clone()>{t("page.domains.join_label")}</label></div>
                <select class="input" id=field name="role" autocomplete="off">
                    <option value="" selected=is_nobody>{t("page.domains.nobody_joins")}</option>
                    {choices}
                </select>
                <p class="hint">{t("page.domains.join_hint")}</p>
            </div>
            <button type="submit" class="button button-secondary">{t("page.domains.save")}</button>
        </form>
    }
}

#[component]
fn Release(id: String, slug: String, heading: String) -> impl IntoView {
    view! {
        <details class="revoke">
            <summary aria-describedby=heading.clone()>{t("page.domains.release")}</summary>
            <form method="post" action=ReleaseDomain::PATH>
                <p>{t("page.domains.release_text")}</p>
                <input type="hidden" name="organization" value=slug/>
                <input type="hidden" name="domain" value=id/>
                <button type="submit" class="button button-danger button-small" aria-describedby=heading>
                    {t("page.domains.release_action")}
                </button>
            </form>
        </details>
    }
}

/// How a domain stands: the look of its badge, the word, and what to do.
fn words_of(state: DomainState) -> (&'static str, String, String) {
    match state {
        DomainState::Claimed => ("badge", t("page.domains.state_claimed"), t("page.domains.text_claimed")),
        DomainState::Verified => ("badge badge-ok", t("page.domains.state_verified"), t("page.domains.text_verified")),
        DomainState::Missing => ("badge badge-warn", t("page.domains.state_missing"), t("page.domains.text_missing")),
        DomainState::Lost => ("badge badge-danger", t("page.domains.state_lost"), t("page.domains.text_lost")),
    }
}

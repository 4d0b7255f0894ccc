//! A line of the log: what happened in short, and everything that is known of it for who opens it.

use auth::EventKind;
use auth::audit::{Change, Outcome};
use auth::text::event_text;
use auth::view::{AuditItem, AuditPerson};
use leptos::prelude::*;

use super::super::account::{address_text, device_text};
use super::asked::{Scope, only};
use super::filters::outcome_text;
use crate::text::{locale, t, t_with};
use crate::ui::Moment;

/// A row of the table.
#[component]
pub(super) fn Line(scope: Scope, item: AuditItem) -> impl IntoView {
    let refused = (item.outcome == Outcome::Refused)
        .then(|| view! { <span class="badge badge-danger">{outcome_text(Outcome::Refused)}</span> });
    let place = item.organization.as_ref().filter(|_| scope.is_platform()).map(|organization| {
        let name = organization.name.clone().unwrap_or_else(|| organization.id.0.clone());
        let path = only(&scope, "organization", organization.id.as_str());
        view! { <p><a href=path>{name}</a></p> }
    });
    let (at, kind) = (item.at, item.kind.clone());
    let origin = origin(&item);
    let who = who(&scope, &item);
    view! {
        <tr>
            <td class="audit-when"><Moment at with_time=true/></td>
            <th scope="row">
                <p class="audit-kind"><code>{kind}</code>{refused}</p>
                {details(&scope, item)}
            </th>
            <td>{who}</td>
            <td>{place}<p class="muted">{origin}</p></td>
        </tr>
    }
    .into_any()
}

/// Who did it, and to whom where that is somebody else.
fn who(scope: &Scope, item: &AuditItem) -> AnyView {
    let doer = item.actor.as_ref();
    let about = item.subject.as_ref().filter(|subject| doer.is_none_or(|doer| doer.id != subject.id));
    let instead = item.impersonator.as_ref();
    let line = |key: Option<&'static str>, who: &AuditPerson| {
        let before = key.map(|key| view! { <span class="muted">{t(key)}" "</span> });
        view! { <p>{before}{person(scope, who)}</p> }
    };
    let lines = [
        instead.map(|who| line(None, who)),
        doer.map(|who| line(instead.map(|_| "page.audit.in_place_of"), who)),
        about.map(|who| line(doer.map(|_| "page.audit.about"), who)),
    ];
    let is_nobody = doer.is_none() && about.is_none() && instead.is_none();
    let nobody = is_nobody.then(|| view! { <p class="muted">{t("page.audit.nobody")}</p> });
    view! { {lines.into_iter().flatten().collect_view()}{nobody} }.into_any()
}

/// Somebody, with the way to every line that names them.
fn person(scope: &Scope, who: &AuditPerson) -> AnyView {
    let path = only(scope, "person", who.id.as_str());
    let name = who.email.as_ref().map_or_else(|| t("page.audit.left"), ToString::to_string);
    view! { <a href=path>{name}</a> }.into_any()
}

fn origin(item: &AuditItem) -> String {
    if item.address.is_empty() && item.device.is_empty() {
        t("page.audit.no_origin")
    } else {
        format!("{} · {}", device_text(&item.device), address_text(&item.address))
    }
}

/// Everything that is known, closed until somebody wants it.
fn details(scope: &Scope, item: AuditItem) -> AnyView {
    let said = EventKind::parse(&item.kind).map(|kind| event_text(locale(), kind));
    let number = item.sequence.map_or_else(|| t("page.audit.unsealed"), |sequence| sequence.to_string());
    let is_platform = scope.is_platform();
    let linked = |name: &'static str, value: &str| {
        let path = only(scope, name, value);
        let value = value.to_owned();
        if is_platform { view! { <a href=path><code>{value}</code></a> }.into_any() } else { code(&value) }
    };
    let request = Some(item.request_id.as_str()).filter(|id| !id.is_empty()).map(|id| linked("request_id", id));
    let address = Some(item.address.as_str()).filter(|text| !text.is_empty()).map(|text| linked("address", text));
    let session = item.session_id.as_ref().map(|id| {
        let path = format!("/admin/sessions/{}", id.as_str());
        let name = id.0.clone();
        if is_platform { view! { <a href=path><code>{name}</code></a> }.into_any() } else { code(&name) }
    });
    let repeats = (item.repeats > 0).then(|| item.repeats.to_string().into_any());
    let of = |who: &Option<AuditPerson>| who.as_ref().map(|who| code(who.id.as_str()));
    let rows = [
        ("page.audit.number", Some(number.into_any())),
        ("page.audit.says", said.map(IntoAny::into_any)),
        ("page.audit.outcome", Some(outcome_text(item.outcome).into_any())),
        ("page.audit.repeats", repeats),
        ("page.audit.actor", of(&item.actor)),
        ("page.audit.impersonator", of(&item.impersonator)),
        ("page.audit.subject", of(&item.subject)),
        ("page.audit.target", item.target.as_deref().map(code)),
        ("page.audit.organization", item.organization.as_ref().map(|organization| code(organization.id.as_str()))),
        ("page.audit.address", address),
        ("page.audit.device", Some(item.device.clone()).filter(|text| !text.is_empty()).map(IntoAny::into_any)),
        ("page.audit.request", request),
        ("page.audit.session", session),
        ("page.audit.id", Some(code(&item.id))),
    ];
    let rows = rows.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let rows = rows.map(|(name, value)| view! { <div><dt>{t(name)}</dt><dd>{value}</dd></div> }).collect_view();
    let label = t_with("page.audit.details_of", &[("kind", &item.kind)]);
    view! {
        <details class="audit-details">
            <summary aria-label=label>{t("page.audit.details")}</summary>
            <dl class="facts">{rows}</dl>
            {changes(item.changes)}
        </details>
    }
    .into_any()
}

fn code(text: &str) -> AnyView {
    view! { <code>{text.to_owned()}</code> }.into_any()
}

/// What changed, before and after; nothing when nothing did.
fn changes(changes: Vec<Change>) -> Option<AnyView> {
    if changes.is_empty() {
        return None;
    }
    let value = |value: Option<String>| match value {
        Some(value) => code(&value),
        None => view! { <span class="muted">{t("page.audit.no_value")}</span> }.into_any(),
    };
    let rows = changes.into_iter().map(|Change { field, old, new }| {
        view! { <tr><th scope="row"><code>{field}</code></th><td>{value(old)}</td><td>{value(new)}</td></tr> }
    });
    let table = view! {
        <table class="audit-changes">
            <caption>{t("page.audit.changes")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t("page.audit.field")}</th>
                    <th scope="col">{t("page.audit.before")}</th>
                    <th scope="col">{t("page.audit.after")}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    };
    Some(table.into_any())
}

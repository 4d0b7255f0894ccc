//! The form that says what is sought. It works by its address alone.

use auth::audit::Outcome;
use auth::form::AuditForm;
use auth::{EventKind, Field};
use leptos::prelude::*;

use super::asked::Scope;
use crate::error::AppError;
use crate::text::{issue_text, t};

/// The form, filled with what is sought, and with what is wrong with it.
#[component]
pub(super) fn Filters(scope: Scope, form: AuditForm, refused: Option<AppError>) -> impl IntoView {
    let issue = |field: Field| refused.as_ref().and_then(|error| error.issue(field)).map(issue_text);
    let AuditForm { kind, person, organization, outcome, address, request_id, from, to, after: _ } = form;
    let is_open = !(organization.is_empty() && address.is_empty() && request_id.is_empty());
    let more = scope.is_platform().then(|| {
        view! {
            <details class="audit-more" open=is_open>
                <summary>{t("page.audit.more_filters")}</summary>
                <div class="audit-fields">
                    {text_field("organization", t("page.audit.organization"), organization, None)}
                    {text_field("address", t("page.audit.address"), address, None)}
                    {text_field("request_id", t("page.audit.request"), request_id, None)}
                </div>
            </details>
        }
    });
    view! {
        <form method="get" action=scope.path() class="audit-filters" role="search" aria-label=t("page.audit.filters")>
            <div class="audit-fields">
                {text_field("person", t("page.audit.person"), person, None)}
                {text_field("kind", t("page.audit.kind"), kind, Some("kinds"))}
                <div class="field">
                    <label for="outcome">{t("page.audit.outcome")}</label>
                    <select class="input" id="outcome" name="outcome">{outcomes(&outcome)}</select>
                </div>
                {day_field("from", t("page.audit.from"), from, issue(Field::From))}
                {day_field("to", t("page.audit.to"), to, issue(Field::To))}
            </div>
            {more}
            {kinds()}
            <div class="actions">
                <button type="submit" class="button button-primary">{t("page.audit.search")}</button>
                <a class="button button-secondary" href=scope.path()>{t("page.audit.reset")}</a>
            </div>
        </form>
    }
    .into_any()
}

fn text_field(name: &'static str, label: String, value: String, list: Option<&'static str>) -> AnyView {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                class="input" type="text" id=name name=name value=value list=list maxlength="254" autocomplete="off"
                autocapitalize="none" spellcheck="false"
            />
        </div>
    }
    .into_any()
}

fn day_field(name: &'static str, label: String, value: String, issue: Option<String>) -> AnyView {
    let is_wrong = issue.is_some().then_some("true");
    let described_by = issue.is_some().then(|| format!("{name}-error"));
    let error = issue.map(|sentence| {
        view! { <p class="field-error" id=format!("{name}-error")>{sentence}</p> }
    });
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                class="input" type="date" id=name name=name value=value aria-invalid=is_wrong
                aria-describedby=described_by
            />
            {error}
        </div>
    }
    .into_any()
}

fn outcomes(chosen: &str) -> AnyView {
    let every = view! { <option value="">{t("page.audit.any_outcome")}</option> };
    let options = Outcome::ALL.map(|outcome| {
        let is_chosen = outcome.as_str() == chosen;
        view! { <option value=outcome.as_str() selected=is_chosen>{outcome_text(outcome)}</option> }
    });
    view! { {every}{options.collect_view()} }.into_any()
}

/// What became of an act, in words.
pub(super) fn outcome_text(outcome: Outcome) -> String {
    t(match outcome {
        Outcome::Done => "page.audit.done",
        Outcome::Refused => "page.audit.refused",
    })
}

/// What may be typed as a kind: each, and before them the beginnings that several share.
fn kinds() -> AnyView {
    let names: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
    let mut beginnings: Vec<&str> =
        names.iter().filter_map(|name| name.split_once('.')).map(|(first, _)| first).collect();
    beginnings.sort_unstable();
    beginnings.dedup();
    let options = beginnings.into_iter().chain(names).map(|name| view! { <option value=name></option> });
    view! { <datalist id="kinds">{options.collect_view()}</datalist> }.into_any()
}

//! The form that makes a personal access token. What was chosen stays when it is refused.

use auth::form::{DEFAULT_DAYS, NO_END, OFFERED_DAYS};
use auth::{Field as Name, Scope};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::CreateToken;
use crate::error::AppError;
use crate::island::{Field, PostForm};
use crate::server;
use crate::text::{issue_text, t, t_with};
use crate::ui::Submit;

/// Keeps what was chosen for the page that a refused form leads to.
pub(super) fn keep_choices(scopes: &[String], expires_in_days: &str) {
    let all: Vec<&str> = std::iter::once(expires_in_days).chain(scopes.iter().map(String::as_str)).collect();
    server::keep_chosen(&all);
}

/// The card with the form.
#[component]
pub(super) fn NewToken(refusal: Option<AppError>) -> impl IntoView {
    let is_refused = refusal.is_some();
    let name = if is_refused { server::typed().1 } else { String::new() };
    let mut chosen = if is_refused { server::chosen() } else { Vec::new() };
    let end = if chosen.is_empty() { DEFAULT_DAYS.to_string() } else { chosen.remove(0) };
    let issue_of = |field| refusal.as_ref().and_then(|refusal| refusal.issue(field)).map(issue_text);
    let (scopes_issue, end_issue) = (issue_of(Name::Scopes), issue_of(Name::ExpiresInDays));
    view! {
        <section class="card">
            <h2>{t("page.tokens.new_title")}</h2>
            <PostForm action=CreateToken::PATH refusal class="form account-form">
                <Field
                    field=Name::Name label=t("ui.name") autocomplete="off" value=name maxlength=160
                    hint=t("page.tokens.name_hint")
                />
                <ScopeBoxes chosen issue=scopes_issue/>
                <End chosen=end issue=end_issue/>
                <Submit label=t("page.tokens.action")/>
            </PostForm>
        </section>
    }
    .into_any()
}

/// A box for each scope, with a sentence that says what it allows.
#[component]
fn ScopeBoxes(chosen: Vec<String>, issue: Option<String>) -> impl IntoView {
    let id = Name::Scopes.as_str();
    let issue_id = format!("{id}-issue");
    let described_by = issue.is_some().then(|| issue_id.clone());
    let boxes = Scope::ALL.map(|scope| {
        let is_chosen = chosen.iter().any(|name| name == scope.as_str());
        view! {
            <label class="check">
                <input type="checkbox" name="scopes[]" value=scope.as_str() checked=is_chosen/>
                <span><code>{scope.as_str()}</code><span class="muted">{t(sentence_of(scope))}</span></span>
            </label>
        }
    });
    view! {
        <fieldset class="scopes" id=id aria-describedby=described_by>
            <legend class="legend">{t("ui.scopes")}</legend>
            {boxes.collect_view()}
            {issue.map(|issue| view! { <p class="field-error" id=issue_id>{issue}</p> })}
        </fieldset>
    }
}

/// When it ends. Without an end is the last choice, and the hint warns of it.
#[component]
fn End(chosen: String, issue: Option<String>) -> impl IntoView {
    let id = Name::ExpiresInDays.as_str();
    let (hint_id, issue_id) = (format!("{id}-hint"), format!("{id}-issue"));
    let described_by = if issue.is_some() { format!("{hint_id} {issue_id}") } else { hint_id.clone() };
    let is_invalid = issue.is_some().then_some("true");
    let days = OFFERED_DAYS.map(|days| {
        let days = days.to_string();
        let label = t_with("page.tokens.days", &[("days", &days)]);
        option(days, label, &chosen)
    });
    view! {
        <div class="field">
            <div class="field-head"><label for=id>{t("ui.expires_in_days")}</label></div>
            <select
                class="input" id=id name=id autocomplete="off" aria-invalid=is_invalid aria-describedby=described_by
            >
                {days.collect_view()}
                {option(NO_END.to_owned(), t("page.tokens.no_end"), &chosen)}
            </select>
            <p class="hint" id=hint_id>{t("page.tokens.end_hint")}</p>
            {issue.map(|issue| view! { <p class="field-error" id=issue_id>{issue}</p> })}
        </div>
    }
}

fn option(value: String, label: String, chosen: &str) -> impl IntoView + use<> {
    let is_chosen = value == chosen;
    view! { <option value=value selected=is_chosen>{label}</option> }
}

/// What a scope allows, in words.
fn sentence_of(scope: Scope) -> &'static str {
    match scope {
        Scope::ProfileRead => "page.tokens.scope_profile_read",
        Scope::ProfileWrite => "page.tokens.scope_profile_write",
        Scope::SessionsRead => "page.tokens.scope_sessions_read",
        Scope::SessionsWrite => "page.tokens.scope_sessions_write",
        Scope::ActivityRead => "page.tokens.scope_activity_read",
        Scope::DocumentsRead => "page.tokens.scope_documents_read",
        Scope::DocumentsWrite => "page.tokens.scope_documents_write",
    }
}

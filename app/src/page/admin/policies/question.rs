//! The fields of a question about somebody who need not exist: for a case, and for trying.

use auth::form::PolicyQuestion;
use auth::organization::{BuiltInRole, OrganizationPermission};
use auth::{Field, Permission, Refusal, Role};
use leptos::prelude::*;

use super::query;
use crate::error::AppError;
use crate::text::{issue_text, t};

/// Every act, each once.
pub(super) fn acts() -> Vec<&'static str> {
    let mut acts: Vec<_> = OrganizationPermission::ALL.iter().map(|permission| permission.as_str()).collect();
    acts.extend(Permission::ALL.iter().map(|permission| permission.as_str()));
    let mut known = Vec::new();
    acts.retain(|act| {
        if known.contains(act) {
            false
        } else {
            known.push(*act);
            true
        }
    });
    acts
}

/// The question that an address asks; what is missing is as it mostly is.
pub(super) fn asked() -> PolicyQuestion {
    let plain = PolicyQuestion::default();
    let text = |name: &str, otherwise: String| Some(query(name)).filter(|text| !text.is_empty()).unwrap_or(otherwise);
    let number = |name: &str, otherwise: i64| query(name).parse().unwrap_or(otherwise);
    PolicyQuestion {
        action: query("action"),
        on: text("on", plain.on),
        platform_role: text("platform_role", plain.platform_role),
        role: some(query("role")),
        permissions: plain.permissions,
        department: some(query("department")),
        mfa_age: minutes(&query("mfa_minutes")),
        session_age: minutes(&query("session_minutes")).unwrap_or(plain.session_age),
        is_owner: query("is_owner") == "1",
        document_department: some(query("document_department")),
        sensitivity: text("sensitivity", plain.sensitivity),
        state: text("state", plain.state),
        weekday: number("weekday", plain.weekday),
        hour: number("hour", plain.hour),
        address: some(query("address")),
        method: text("method", plain.method),
    }
}

/// Text that says something.
pub(super) fn some(text: String) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Minutes as seconds. What is no number is one that the question refuses.
pub(super) fn minutes(text: &str) -> Option<i64> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.parse::<i64>().map_or(-1, |minutes| minutes.saturating_mul(60)))
}

/// The fields.
#[component]
pub(super) fn QuestionFields(question: PolicyQuestion, refusal: Option<AppError>) -> impl IntoView {
    let issue = |field: Field| refusal.as_ref().and_then(|AppError(refusal)| issue_of(refusal, field));
    let roles = BuiltInRole::ALL.map(BuiltInRole::as_str);
    let days: Vec<_> =
        (1..=7).map(|day: i64| (day.to_string(), t(&format!("page.policy_question.day_{day}")))).collect();
    let hours: Vec<_> = (0..24).map(|hour: i64| (hour.to_string(), format!("{hour:02}:00"))).collect();
    let nobody = vec![(String::new(), t("page.policy_question.no_role"))];
    let in_minutes = |seconds: i64| (seconds / 60).to_string();
    view! {
        <fieldset class="question">
            <legend class="legend">{t("page.policy_question.what")}</legend>
            <Choice
                name="action" label=t("page.policy_question.action") chosen=question.action options=named(&acts())
                issue=issue(Field::Action)
            />
            <Choice
                name="on" label=t("page.policy_question.thing") chosen=question.on options=named(&PolicyQuestion::THINGS)
                issue=issue(Field::On)
            />
        </fieldset>
        <fieldset class="question">
            <legend class="legend">{t("page.policy_question.who")}</legend>
            <Choice
                name="platform_role" label=t("page.policy_question.platform_role") chosen=question.platform_role
                options=named(&Role::ALL.map(Role::as_str)) issue=issue(Field::PlatformRole)
            />
            <Choice
                name="role" label=t("page.policy_question.role") chosen=question.role.unwrap_or_default()
                options=nobody.into_iter().chain(named(&roles)).collect() issue=issue(Field::Role)
            />
            <Line
                name="department" label=t("page.policy_question.department")
                value=question.department.unwrap_or_default() issue=issue(Field::Department)
            />
            <Line
                name="mfa_minutes" label=t("page.policy_question.mfa_minutes")
                value=question.mfa_age.map(in_minutes).unwrap_or_default() issue=issue(Field::MfaAge)
            />
            <Line
                name="session_minutes" label=t("page.policy_question.session_minutes")
                value=in_minutes(question.session_age) issue=issue(Field::SessionAge)
            />
        </fieldset>
        <fieldset class="question">
            <legend class="legend">{t("page.policy_question.document")}</legend>
            <Choice
                name="sensitivity" label=t("page.policy_question.sensitivity") chosen=question.sensitivity
                options=named(&PolicyQuestion::SENSITIVITIES) issue=issue(Field::Sensitivity)
            />
            <Choice
                name="state" label=t("page.policy_question.state") chosen=question.state
                options=named(&PolicyQuestion::STATES) issue=issue(Field::State)
            />
            <Line
                name="document_department" label=t("page.policy_question.document_department")
                value=question.document_department.unwrap_or_default() issue=None
            />
            <label class="check">
                <input type="checkbox" name="is_owner" value="1" checked=question.is_owner/>
                <span>{t("page.policy_question.is_owner")}</span>
            </label>
        </fieldset>
        <fieldset class="question">
            <legend class="legend">{t("page.policy_question.when")}</legend>
            <Choice
                name="weekday" label=t("page.policy_question.weekday") chosen=question.weekday.to_string()
                options=days issue=issue(Field::Weekday)
            />
            <Choice
                name="hour" label=t("page.policy_question.hour") chosen=question.hour.to_string() options=hours
                issue=issue(Field::Hour)
            />
            <Line
                name="address" label=t("page.policy_question.address") value=question.address.unwrap_or_default()
                issue=issue(Field::Address)
            />
            <Choice
                name="method" label=t("page.policy_question.method") chosen=question.method
                options=named(&PolicyQuestion::METHODS) issue=issue(Field::Method)
            />
        </fieldset>
    }
    .into_any()
}

fn issue_of(refusal: &Refusal, field: Field) -> Option<String> {
    refusal.issue(field).map(issue_text)
}

/// Names of the policy language, which are shown as they are.
pub(super) fn named(names: &[&str]) -> Vec<(String, String)> {
    names.iter().map(|name| ((*name).to_owned(), (*name).to_owned())).collect()
}

/// A choice among some.
#[component]
pub(super) fn Choice(
    name: &'static str,
    label: String,
    chosen: String,
    options: Vec<(String, String)>,
    issue: Option<String>,
) -> impl IntoView {
    let options = options.into_iter().map(|(value, label)| {
        let is_chosen = value == chosen;
        view! { <option value=value selected=is_chosen>{label}</option> }
    });
    let issue_id = format!("{name}-issue");
    let described_by = issue.is_some().then(|| issue_id.clone());
    let is_invalid = issue.is_some().then_some("true");
    view! {
        <div class="field">
            <div class="field-head"><label for=name>{label}</label></div>
            <select
                class="input" id=name name=name autocomplete="off" aria-invalid=is_invalid aria-describedby=described_by
            >
                {options.collect_view()}
            </select>
            {issue.map(|issue| view! { <p class="field-error" id=issue_id>{issue}</p> })}
        </div>
    }
    .into_any()
}

/// A line of text that may be empty.
#[component]
pub(super) fn Line(name: &'static str, label: String, value: String, issue: Option<String>) -> impl IntoView {
    let issue_id = format!("{name}-issue");
    let described_by = issue.is_some().then(|| issue_id.clone());
    let is_invalid = issue.is_some().then_some("true");
    view! {
        <div class="field">
            <div class="field-head"><label for=name>{label}</label></div>
            <input
                class="input" type="text" id=name name=name value=value maxlength="100" autocomplete="off"
                autocapitalize="none" spellcheck="false" aria-invalid=is_invalid aria-describedby=described_by
            />
            {issue.map(|issue| view! { <p class="field-error" id=issue_id>{issue}</p> })}
        </div>
    }
    .into_any()
}

//! Who can do this, and why: about somebody who exists, and about somebody who need not.

use auth::form::{PolicyQuestion, WhoCanForm};
use auth::view::{AllowedActs, ExplainedDecision, Me};
use auth::{ErrorCode, Field, Permission, flow};
use leptos::prelude::*;

use super::question::{QuestionFields, acts, asked, minutes, named, some};
use super::verdicts::Explained;
use super::{CASES, MANAGE, Places, WHO, query, reader, refused};
use crate::error::AppError;
use crate::page::address::with_query;
use crate::page::resource::resource;
use crate::server;
use crate::text::{issue_text, t};
use crate::ui::{Allowed, Area, Notice, Shell, Submit, Tone, provide_allowed, provide_zone};

/// What the address asks.
#[derive(Clone, PartialEq)]
enum Asked {
    Nothing,
    /// About somebody who exists: account, act, organization, document, minutes since the second factor.
    Person([String; 5]),
    /// About somebody who need not.
    Question(Box<PolicyQuestion>),
}

impl Asked {
    fn of_address() -> Self {
        if query("about") == "question" {
            // Before anything is chosen there is nothing to refuse.
            return if query("action").is_empty() { Self::Nothing } else { Self::Question(Box::new(asked())) };
        }
        if query("user").is_empty() {
            return Self::Nothing;
        }
        Self::Person(["user", "action", "organization", "document", "mfa_minutes"].map(query))
    }
}

/// Who asks, what they may do, and the answer when there was a question.
type Loaded = (Me, AllowedActs, Option<Result<ExplainedDecision, AppError>>);

async fn load(asked: Asked) -> Result<Loaded, AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::require_permission(&auth, &caller, Permission::ReadPolicies).await?;
    let (me, acts) = reader().await?;
    let answer = match asked {
        Asked::Nothing => None,
        Asked::Person([user, action, organization, document, mfa_minutes]) => {
            let (organization, document) = (some(organization), some(document));
            let form = WhoCanForm { user, action, organization, document, mfa_age: minutes(&mfa_minutes) };
            Some(flow::who_can(&auth, &caller, &form, &context).await.map_err(AppError::from))
        }
        Asked::Question(question) => {
            Some(flow::ask_policies(&auth, &caller, &question, None).await.map_err(AppError::from))
        }
    };
    Ok((me, acts, answer))
}

/// The page `/admin/policies/who`.
#[component]
pub fn WhoCanPage() -> impl IntoView {
    let asked = Asked::of_address();
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, acts, answer)) => view! { <Who me acts answer/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Who(me: Me, acts: AllowedActs, answer: Option<Result<ExplainedDecision, AppError>>) -> impl IntoView {
    provide_zone(&me);
    provide_allowed(acts);
    let is_question = query("about") == "question";
    let (decision, refusal) = match answer {
        Some(Ok(decision)) => (Some(decision), None),
        Some(Err(refusal)) => {
            server::set_status(refusal.code());
            (None, Some(refusal))
        }
        None => (None, None),
    };
    let is_refused = refusal.is_some();
    let said = refusal.as_ref().map(|refusal| sentence(refusal.code()));
    let (of_person, of_question) = if is_question { (None, refusal) } else { (refusal, None) };
    let keep = (is_question && decision.is_some())
        .then(|| keep_as_case(&asked(), decision.as_ref().is_some_and(|decision| decision.allowed)));
    view! {
        <Shell
            current=Area::Policies title=t("page.policies.who") purpose=t("page.policy_who.purpose") me
            refused=is_refused
        >
            <Places current=WHO/>
            {said.map(|text| view! { <Notice tone=Tone::Danger text/> })}
            {decision.map(|decision| view! { <Explained decision/> })}
            {keep.map(|path| view! {
                <Allowed act=MANAGE>
                    <div class="actions">
                        <a class="button button-secondary" href=path>{t("page.policy_who.keep")}</a>
                    </div>
                </Allowed>
            })}
            <Person refusal=of_person/>
            <details class="card policy" open=is_question>
                <summary>{t("page.policy_who.somebody_else")}</summary>
                <form method="get" action=WHO class="form question-form">
                    <input type="hidden" name="about" value="question"/>
                    <QuestionFields question=asked() refusal=of_question/>
                    <Submit label=t("page.policy_who.ask")/>
                </form>
            </details>
        </Shell>
    }
}

/// The form about somebody who exists.
#[component]
fn Person(refusal: Option<AppError>) -> impl IntoView {
    let is_asked = query("about") != "question";
    let typed = |name: &str| if is_asked { query(name) } else { String::new() };
    let issue = |field: Field| refusal.as_ref().and_then(|refusal| refusal.issue(field)).map(issue_text);
    let fields = [
        ("user", t("page.policy_who.user"), issue(Field::User)),
        ("organization", t("page.policy_who.organization"), issue(Field::Organization)),
        ("document", t("page.policy_who.document"), issue(Field::Document)),
        ("mfa_minutes", t("page.policy_question.mfa_minutes"), issue(Field::MfaAge)),
    ];
    // Both forms of the page have some of these fields: the ids of this one are its own.
    let fields = fields.map(|(name, label, issue)| view! { <PersonLine name label value=typed(name) issue/> });
    let options = named(&acts()).into_iter().map(|(value, label)| {
        let is_chosen = value == typed("action");
        view! { <option value=value selected=is_chosen>{label}</option> }
    });
    view! {
        <section class="card">
            <h2>{t("page.policy_who.person_title")}</h2>
            <form method="get" action=WHO class="form question-form">
                <div class="field">
                    <div class="field-head"><label for="person-action">{t("page.policy_question.action")}</label></div>
                    <select class="input" id="person-action" name="action" autocomplete="off">
                        {options.collect_view()}
                    </select>
                </div>
                {fields.collect_view()}
                <p class="hint">{t("page.policy_who.hint")}</p>
                <Submit label=t("page.policy_who.ask")/>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn PersonLine(name: &'static str, label: String, value: String, issue: Option<String>) -> impl IntoView {
    let id = format!("person-{name}");
    let issue_id = format!("{id}-issue");
    let described_by = issue.is_some().then(|| issue_id.clone());
    let is_invalid = issue.is_some().then_some("true");
    view! {
        <div class="field">
            <div class="field-head"><label for=id.clone()>{label}</label></div>
            <input
                class="input" type="text" id=id name=name value=value maxlength="254" autocomplete="off"
                autocapitalize="none" spellcheck="false" aria-invalid=is_invalid aria-describedby=described_by
            />
            {issue.map(|issue| view! { <p class="field-error" id=issue_id>{issue}</p> })}
        </div>
    }
}

fn sentence(code: ErrorCode) -> String {
    t(&format!("error.{}", code.as_str()))
}

/// The page of cases, with this question in its form.
fn keep_as_case(question: &PolicyQuestion, is_allowed: bool) -> String {
    let expected = if is_allowed { "allowed" } else { "denied" };
    let minutes = |seconds: i64| (seconds / 60).to_string();
    let parts = [
        ("expected", expected.to_owned()),
        ("action", question.action.clone()),
        ("on", question.on.clone()),
        ("platform_role", question.platform_role.clone()),
        ("role", question.role.clone().unwrap_or_default()),
        ("department", question.department.clone().unwrap_or_default()),
        ("mfa_minutes", question.mfa_age.map(minutes).unwrap_or_default()),
        ("session_minutes", minutes(question.session_age)),
        ("is_owner", if question.is_owner { "1".to_owned() } else { String::new() }),
        ("document_department", question.document_department.clone().unwrap_or_default()),
        ("sensitivity", question.sensitivity.clone()),
        ("state", question.state.clone()),
        ("weekday", question.weekday.to_string()),
        ("hour", question.hour.to_string()),
        ("address", question.address.clone().unwrap_or_default()),
        ("method", question.method.clone()),
    ];
    with_query(CASES, &parts.each_ref().map(|(name, value)| (*name, value.as_str())))
}

//! The cases that each version must pass, what the policies in force say to them, and adding one.

use auth::form::{PolicyCaseForm, PolicyQuestion};
use auth::id::PolicyCaseId;
use auth::view::{AllowedActs, Me, PolicyCaseRun};
use auth::{ErrorCode, Field, Permission, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::question::{Choice, Line, asked};
use super::{CASES, MANAGE, Places, WHO, query, reader, refused};
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::{issue_text, t, t_with};
use crate::ui::{Allowed, Area, Icon, Notice, Shell, Submit, Tone, provide_allowed, provide_zone};

/// Saves a case. Its question was asked before, on the page that explains decisions, and travels as JSON.
///
/// # Errors
/// A name or a question that cannot be accepted; too many cases; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "save_policy_case")]
pub async fn save_policy_case(
    #[server(default)] name: String,
    #[server(default)] expected: String,
    #[server(default)] question: String,
) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::require_permission(&auth, &caller, Permission::ManagePolicies).await?;
    let question = serde_json::from_str(&question).map_err(|_| ErrorCode::MalformedRequest)?;
    let new = PolicyCaseForm { name, question, allowed: expected == "allowed" }.parse()?;
    flow::save_policy_case(&auth, &caller, new, &context).await?;
    server::see_other(&format!("{CASES}?note=saved"));
    Ok(())
}

/// Removes a case.
///
/// # Errors
/// There is none; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "remove_policy_case")]
pub async fn remove_policy_case(#[server(default)] id: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::remove_policy_case(&auth, &caller, &PolicyCaseId(id), &context).await?;
    server::see_other(&format!("{CASES}?note=removed"));
    Ok(())
}

/// Who asks, what they may do, and what the policies in force say to each case.
type Loaded = (Me, AllowedActs, Vec<PolicyCaseRun>);

async fn load() -> Result<Loaded, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let runs = flow::run_policy_cases(&auth, &caller, None).await?;
    let (me, acts) = reader().await?;
    Ok((me, acts, runs))
}

/// The page `/admin/policies/cases`.
#[component]
pub fn PolicyCasesPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, acts, runs)) => view! { <Cases me acts runs/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Cases(me: Me, acts: AllowedActs, runs: Vec<PolicyCaseRun>) -> impl IntoView {
    provide_zone(&me);
    provide_allowed(acts);
    let refusal = refusal_of(SavePolicyCase::PATH);
    let removed = refusal_of(RemovePolicyCase::PATH);
    let is_refused = refusal.is_some() || removed.is_some();
    let note = match removed {
        Some(_) => Some((Tone::Danger, t("page.policy_cases.not_found"))),
        None => note_text(&query("note")).filter(|_| !is_refused).map(|text| (Tone::Ok, text)),
    };
    let failing = runs.iter().filter(|run| !run.passes()).count();
    let summary = if runs.is_empty() {
        None
    } else if failing == 0 {
        Some(t_with("page.policy_cases.all_pass", &[("count", &runs.len().to_string())]))
    } else {
        Some(t_with(
            "page.policy_cases.some_fail",
            &[("count", &failing.to_string()), ("all", &runs.len().to_string())],
        ))
    };
    let list = if runs.is_empty() {
        view! { <div class="empty"><Icon name="check"/><p>{t("page.policy_cases.empty")}</p></div> }.into_any()
    } else {
        let items = runs.into_iter().map(|run| view! { <Case run/> });
        view! { <ul class="devices">{items.collect_view()}</ul> }.into_any()
    };
    view! {
        <Shell
            current=Area::Policies title=t("page.policies.cases") purpose=t("page.policy_cases.purpose") me
            refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            <Places current=CASES/>
            {summary.map(|summary| view! { <p>{summary}</p> })}
            {list}
            <Allowed act=MANAGE><NewCase refusal/></Allowed>
        </Shell>
    }
}

#[component]
fn Case(run: PolicyCaseRun) -> impl IntoView {
    let passes = run.passes();
    let PolicyCaseRun { case, is_allowed, deciding } = run;
    let (class, result) = if passes {
        ("badge badge-ok", t("page.policy_cases.passes"))
    } else {
        ("badge badge-danger", t("page.policy_cases.fails"))
    };
    let heading = format!("case-{}", case.id.as_str());
    let said = |allowed| t(if allowed { "page.policy_cases.is_allowed" } else { "page.policy_cases.is_denied" });
    let rows = [
        (t("page.policy_question.action"), case.question.action.clone()),
        (t("page.policy_cases.about"), about(&case.question)),
        (t("page.policy_cases.expected"), said(case.allowed)),
        (t("page.policy_cases.answer"), said(is_allowed)),
        (t("page.policy_who.decided"), deciding.join(", ")),
    ];
    let rows = rows.map(|(term, fact)| view! { <div><dt>{term}</dt><dd>{fact}</dd></div> });
    view! {
        <li class="card device">
            <div class="device-head">
                <Icon name="check"/><h2 id=heading.clone()>{case.name}</h2><span class=class>{result}</span>
            </div>
            <dl class="device-facts">{rows.collect_view()}</dl>
            <Allowed act=MANAGE>
                <form method="post" action=RemovePolicyCase::PATH>
                    <input type="hidden" name="id" value=case.id.0/>
                    <button type="submit" class="button button-danger button-small" aria-describedby=heading>
                        {t("page.policy_cases.remove")}
                    </button>
                </form>
            </Allowed>
        </li>
    }
}

/// Who with what, in the words of the policy language.
fn about(question: &PolicyQuestion) -> String {
    let mut words = vec![question.platform_role.clone()];
    words.extend(question.role.clone());
    words.extend(question.department.clone());
    words.push(question.on.clone());
    if question.on == "document" {
        words.extend([question.sensitivity.clone(), question.state.clone()]);
        words.extend(question.document_department.clone());
    }
    words.join(" · ")
}

/// The way to a case: a question is asked on the page that explains decisions, and kept here under a name.
#[component]
fn NewCase(refusal: Option<AppError>) -> impl IntoView {
    let question = asked();
    if question.action.is_empty() {
        return view! {
            <p>{t("page.policy_cases.how")}</p>
            <div class="actions">
                <a class="button button-primary" href=format!("{WHO}?about=question")>{t("page.policy_cases.ask")}</a>
            </div>
        }
        .into_any();
    }
    let issue = refusal.as_ref().and_then(|refusal| refusal.issue(Field::Name)).map(issue_text);
    let answers =
        ["allowed", "denied"].map(|answer| (answer.to_owned(), t(&format!("page.policy_cases.must_be_{answer}"))));
    let json = serde_json::to_string(&question).unwrap_or_default();
    view! {
        <section class="card">
            <h2>{t("page.policy_cases.new_title")}</h2>
            <p><code>{question.action.clone()}</code>" · "{about(&question)}</p>
            <PostForm action=SavePolicyCase::PATH refusal class="form account-form">
                <input type="hidden" name="question" value=json/>
                <Line name="name" label=t("ui.name") value=String::new() issue/>
                <Choice
                    name="expected" label=t("page.policy_cases.expected") chosen=query("expected")
                    options=answers.into() issue=None
                />
                <Submit label=t("page.policy_cases.save")/>
            </PostForm>
        </section>
    }
    .into_any()
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "saved" => Some(t("page.policy_cases.saved")),
        "removed" => Some(t("page.policy_cases.removed")),
        _ => None,
    }
}

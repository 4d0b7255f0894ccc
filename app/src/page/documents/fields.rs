//! The fields of a document. What was typed into a refused form stands in them again.

use auth::document::{Body, Sensitivity, Title};
use auth::flow::{self, TypedAt};
use auth::id::{DocumentId, OrganizationId};
use auth::session::Caller;
use auth::store::UnsavedDocument;
use auth::{Auth, Field as Name, FieldIssue};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::badges::sensitivity_text;
use crate::error::AppError;
use crate::island::Field;
use crate::server;
use crate::text::{issue_text, t, t_with};
use crate::ui::in_textarea;

/// What stands in the fields.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Typed {
    pub title: String,
    pub body: String,
    pub department: String,
    /// Empty where it is not asked for.
    pub sensitivity: String,
}

/// Keeps what was typed for the page that the refused form leads to. Whatever goes wrong with that, the refusal is told.
pub(super) async fn keep(slug: &str, id: Option<&str>, typed: Typed) {
    let Ok(caller) = server::caller() else { return };
    let auth = server::auth();
    let Typed { title, body, department, sensitivity } = typed;
    let typed = UnsavedDocument { title, body, department, sensitivity };
    // Only for who is in the organization.
    let Ok(organization) = flow::organization_of_slug(&auth, &caller, slug).await else { return };
    let id = id.and_then(DocumentId::parse);
    let at = id.as_ref().map_or(TypedAt::New(&organization), TypedAt::Document);
    let kept = flow::keep_unsaved_document(&auth, &caller, at, &typed).await;
    if let Err(error) = kept {
        tracing::warn!(%error, "what was typed was not kept");
    }
}

/// What was typed last in the form of a new document.
pub(super) async fn typed_for_new(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
) -> Result<Option<Typed>, AppError> {
    Ok(flow::unsaved_document(auth, caller, TypedAt::New(organization)).await?.map(Typed::from))
}

/// What was typed last in the form of a document.
pub(super) async fn typed_for(auth: &Auth, caller: &Caller, id: &DocumentId) -> Result<Option<Typed>, AppError> {
    Ok(flow::unsaved_document(auth, caller, TypedAt::Document(id)).await?.map(Typed::from))
}

impl From<UnsavedDocument> for Typed {
    fn from(kept: UnsavedDocument) -> Self {
        let UnsavedDocument { title, body, department, sensitivity } = kept;
        Self { title, body, department, sensitivity }
    }
}

/// The fields. Made within the form, which they ask for their issues.
#[component]
pub(super) fn Fields(typed: Typed, refusal: Option<AppError>, asks_sensitivity: bool) -> impl IntoView {
    let issue_of = |field| refusal.as_ref().and_then(|refusal| refusal.issue(field));
    let (department_issue, sensitivity_issue) = (issue_of(Name::Department), issue_of(Name::Sensitivity));
    let body_issue = issue_of(Name::Body);
    let Typed { title, body, department, sensitivity } = typed;
    // Counted in UTF-16 by browsers: twice as many, so that nobody is cut off below the rule.
    let longest = u32::try_from(2 * Title::MAX_LENGTH).unwrap_or(u32::MAX);
    view! {
        <Field field=Name::Title label=t("ui.title") autocomplete="off" value=title maxlength=longest/>
        <Text text=body issue=body_issue/>
        <div class="document-choices">
            <Department department issue=department_issue/>
            {asks_sensitivity.then(|| view! { <HowSensitive chosen=sensitivity issue=sensitivity_issue/> })}
        </div>
    }
}

/// The sentence about an issue, and the ids of what is said about a field.
fn said(id: &str, hint: &str, issue: Option<FieldIssue>) -> (Option<AnyView>, String, Option<&'static str>) {
    let issue_id = format!("{id}-issue");
    let described_by = if issue.is_some() { format!("{hint} {issue_id}") } else { hint.to_owned() };
    let sentence = issue.map(|issue| view! { <p class="field-error" id=issue_id>{issue_text(issue)}</p> }.into_any());
    (sentence, described_by, issue.is_some().then_some("true"))
}

#[component]
fn Text(text: String, issue: Option<FieldIssue>) -> impl IntoView {
    let (sentence, described_by, is_invalid) = said("body", "body-hint", issue);
    let most = Body::MAX_BYTES.to_string();
    let content = in_textarea(&text);
    view! {
        <div class="field">
            <div class="field-head"><label for="body">{t("ui.body")}</label></div>
            <textarea
                class="input document-text" id="body" name="body" rows="14" autocomplete="off"
                aria-invalid=is_invalid aria-describedby=described_by
            >{content}</textarea>
            <p class="hint" id="body-hint">{t_with("page.document.body_hint", &[("most", &most)])}</p>
            {sentence}
        </div>
    }
}

#[component]
fn Department(department: String, issue: Option<FieldIssue>) -> impl IntoView {
    let (sentence, described_by, is_invalid) = said("department", "department-hint", issue);
    view! {
        <div class="field">
            <div class="field-head"><label for="department">{t("ui.department")}</label></div>
            <input
                class="input" id="department" name="department" type="text" value=department maxlength="120"
                autocomplete="off" spellcheck="false" aria-invalid=is_invalid aria-describedby=described_by
            />
            <p class="hint" id="department-hint">{t("page.document.department_hint")}</p>
            {sentence}
        </div>
    }
}

#[component]
fn HowSensitive(chosen: String, issue: Option<FieldIssue>) -> impl IntoView {
    let chosen = Sensitivity::parse(&chosen).unwrap_or_default();
    let (sentence, described_by, is_invalid) = said("sensitivity", "sensitivity-hint", issue);
    let options = Sensitivity::ALL.map(|sensitivity| {
        let is_chosen = sensitivity == chosen;
        view! { <option value=sensitivity.as_str() selected=is_chosen>{sensitivity_text(sensitivity)}</option> }
    });
    view! {
        <div class="field">
            <div class="field-head"><label for="sensitivity">{t("ui.sensitivity")}</label></div>
            <select
                class="input" id="sensitivity" name="sensitivity" autocomplete="off" aria-invalid=is_invalid
                aria-describedby=described_by
            >
                {options.collect_view()}
            </select>
            <p class="hint" id="sensitivity-hint">{t("page.document.sensitivity_text")}</p>
            {sentence}
        </div>
    }
}

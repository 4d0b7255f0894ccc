//! Writing policies. A text with faults stays as the draft of its author, with each fault beside its line; so nothing
//! typed is lost, with script and without.

use auth::form::PoliciesForm;
use auth::policy::{SCHEMA, WORKING_HOURS};
use auth::view::{Me, PolicyDraft};
use auth::{ErrorCode, Field, Permission, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::source::{Faults, Source};
use super::{EDIT, PATH, Places, query, reader, refused, version_path};
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::{issue_text, t};
use crate::ui::{Area, Notice, Shell, Submit, Tone, in_textarea, provide_zone};

/// Longest text, in bytes; what a browser lets nobody type beyond.
const MAX_LENGTH: usize = 64 * 1024;
/// Rows of the empty field.
const LEAST_ROWS: usize = 20;
/// Numbers beside the field: the field grows with its text and shows as many as it has lines.
const NUMBERS: usize = 2000;

/// Saves a version; leads to it, or back to the text with what is wrong with it.
///
/// # Errors
/// A note that cannot be accepted; too many versions; nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "save_policies")]
pub async fn save_policies(#[server(default)] text: String, #[server(default)] note: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::require_permission(&auth, &caller, Permission::ManagePolicies).await?;
    let new = match (PoliciesForm { text: text.clone(), note: note.clone() }).parse() {
        Ok(new) => new,
        Err(refusal) => {
            flow::keep_policy_draft(&auth, &caller, &note, &text).await?;
            return Err(refusal.into());
        }
    };
    match flow::save_policies(&auth, &caller, new, &context).await? {
        flow::SavedPolicies::Saved(number) => server::see_other(&format!("{}?note=saved", version_path(number))),
        flow::SavedPolicies::Faults(_) => server::see_other(&format!("{EDIT}?note=faults")),
    }
    Ok(())
}

/// Throws the draft away.
///
/// # Errors
/// Nobody is signed in; who is may not.
#[server(prefix = "/rpc", endpoint = "discard_policy_draft")]
pub async fn discard_policy_draft() -> Result<(), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    flow::discard_policy_draft(&auth, &caller).await?;
    server::see_other(PATH);
    Ok(())
}

/// Who writes, what stands in the field, and whether it is a draft.
type Loaded = (Me, PolicyDraft, bool);

/// A draft comes first; else the text of a version, of the one in force unless the address names another.
async fn load(from: String) -> Result<Loaded, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let draft = flow::policy_draft(&auth, &caller).await?;
    let (me, _) = reader().await?;
    if let Some(draft) = draft {
        return Ok((me, draft, true));
    }
    let number = match from.parse() {
        Ok(number) => number,
        Err(_) if from.is_empty() => flow::list_policy_versions(&auth, &caller, None).await?.active,
        Err(_) => return Err(ErrorCode::NotFound.into()),
    };
    let text = flow::show_policy_version(&auth, &caller, number).await?.text;
    Ok((me, PolicyDraft { text, note: String::new(), faults: Vec::new() }, false))
}

/// The page `/admin/policies/edit`.
#[component]
pub fn PolicyEditPage() -> impl IntoView {
    let from = query("from");
    let loaded = resource(move || from.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, draft, is_draft)) => view! { <Edit me draft is_draft/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Edit(me: Me, draft: PolicyDraft, is_draft: bool) -> impl IntoView {
    provide_zone(&me);
    let PolicyDraft { text, note, faults } = draft;
    let refusal = refusal_of(SavePolicies::PATH);
    let has_faults = !faults.is_empty();
    let is_refused = refusal.is_some() || has_faults;
    if has_faults && query("note") == "faults" {
        server::set_status(ErrorCode::InvalidFields);
    }
    let note_issue = refusal.as_ref().and_then(|refusal| refusal.issue(Field::Note)).map(issue_text);
    // What the form itself says comes first, and there is one notice.
    let notice = (has_faults && refusal.is_none())
        .then(|| view! { <Notice tone=Tone::Danger text=t("page.policy_editor.has_faults")/> });
    let said = has_faults.then(|| {
        view! {
            {notice}
            <Faults text=text.clone() faults=faults.clone()/>
            <Source text=text.clone() faults=faults/>
        }
    });
    view! {
        <Shell
            current=Area::Policies title=t("page.policy_editor.title") purpose=t("page.policy_editor.purpose") me
            refused=is_refused
        >
            <Places current=EDIT/>
            {said}
            <PostForm action=SavePolicies::PATH refusal class="form policy-form">
                <Written text/>
                <Note note issue=note_issue/>
                <Submit label=t("page.policy_editor.save")/>
            </PostForm>
            {is_draft.then(|| view! {
                <form method="post" action=DiscardPolicyDraft::PATH class="actions">
                    <p class="muted">{t("page.policy_editor.is_draft")}</p>
                    <button type="submit" class="button button-secondary">{t("page.policy_editor.discard")}</button>
                </form>
            })}
            <Help/>
        </Shell>
    }
}

/// The field with its line numbers: a column of numbers as tall as the field, which grows with its text.
#[component]
fn Written(text: String) -> impl IntoView {
    let rows = (text.lines().count() + 3).max(LEAST_ROWS).to_string();
    let numbers: String = (1..=NUMBERS).map(|number| format!("{number}\n")).collect();
    let written = in_textarea(&text);
    view! {
        <div class="field">
            <div class="field-head"><label for="text">{t("page.policies.text")}</label></div>
            <div class="editor">
                <pre class="editor-numbers" aria-hidden="true">{numbers}</pre>
                <textarea
                    class="input editor-text" id="text" name="text" rows=rows maxlength=MAX_LENGTH.to_string()
                    wrap="off" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="text-hint"
                >{written}</textarea>
            </div>
            <p class="hint" id="text-hint">{t("page.policy_editor.text_hint")}</p>
        </div>
    }
    .into_any()
}

#[component]
fn Note(note: String, issue: Option<String>) -> impl IntoView {
    let is_invalid = issue.is_some().then_some("true");
    let described_by = if issue.is_some() { "note-hint note-issue" } else { "note-hint" };
    view! {
        <div class="field">
            <div class="field-head"><label for="note">{t("page.policies.note")}</label></div>
            <input
                class="input" type="text" id="note" name="note" value=note maxlength="200" autocomplete="off"
                aria-invalid=is_invalid aria-describedby=described_by
            />
            <p class="hint" id="note-hint">{t("page.policy_editor.note_hint")}</p>
            {issue.map(|issue| view! { <p class="field-error" id="note-issue">{issue}</p> })}
        </div>
    }
    .into_any()
}

/// What there is to ask, and an example.
#[component]
fn Help() -> impl IntoView {
    view! {
        <section class="card">
            <h2>{t("page.policy_editor.help")}</h2>
            <p class="muted">{t("page.policy_editor.help_text")}</p>
            <details class="policy">
                <summary>{t("page.policy_editor.attributes")}</summary>
                <Source text=SCHEMA faults=Vec::new() name=t("page.policy_editor.attributes")/>
            </details>
            <details class="policy">
                <summary>{t("page.policy_editor.example")}</summary>
                <Source text=WORKING_HOURS faults=Vec::new() name=t("page.policy_editor.example")/>
            </details>
        </section>
    }
    .into_any()
}

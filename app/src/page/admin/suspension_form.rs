//! How an account is suspended, or several: until when, what the person is told, what colleagues read.

use auth::form::{Suspending, SuspensionForm};
use auth::{Field, FieldIssue};
use leptos::prelude::*;

use crate::error::AppError;
use crate::server;
use crate::text::{issue_text, t};

/// What was typed. It stays for the page that a refusal leads to.
pub(super) fn read(until: &str, reason: &str, note: &str) -> Result<Suspending, AppError> {
    let form = SuspensionForm::of_page(until, reason.to_owned(), note.to_owned());
    let wanted = form.and_then(|form| form.parse(server::auth().now()));
    if wanted.is_err() {
        server::keep_chosen(&[until, reason, note]);
    }
    wanted.map_err(AppError::from)
}

/// The fields. `refusal` is that of the form around them.
#[component]
pub(super) fn SuspensionFields(refusal: Option<AppError>) -> impl IntoView {
    let typed = if refusal.is_some() { server::chosen() } else { Vec::new() };
    let typed = |place: usize| typed.get(place).cloned().unwrap_or_default();
    let issue = |field| refusal.as_ref().and_then(|refusal| refusal.issue(field));
    view! {
        {line(Field::Note, t("page.admin_suspend.note_hint"), typed(2), issue(Field::Note))}
        {line(Field::Reason, t("page.admin_suspend.reason_hint"), typed(1), issue(Field::Reason))}
        {line(Field::Until, t("page.admin_suspend.until_hint"), typed(0), issue(Field::Until))}
    }
}

/// A labelled input with what it is for.
fn line(field: Field, hint: String, value: String, issue: Option<FieldIssue>) -> impl IntoView + use<> {
    let id = field.as_str();
    let (hint_id, issue_id) = (format!("{id}-hint"), format!("{id}-issue"));
    let described_by = if issue.is_some() { format!("{hint_id} {issue_id}") } else { hint_id.clone() };
    let (is_required, is_invalid) = (field == Field::Note, issue.is_some().then_some("true"));
    let (kind, length) = if field == Field::Until { ("date", None) } else { ("text", Some("500")) };
    view! {
        <div class="field">
            <label for=id>{t(&format!("ui.{id}"))}</label>
            <input
                class="input" type=kind id=id name=id value=value maxlength=length autocomplete="off"
                required=is_required aria-invalid=is_invalid aria-describedby=described_by
            />
            <p class="hint" id=hint_id>{hint}</p>
            {issue.map(|issue| view! { <p class="field-error" id=issue_id>{issue_text(issue)}</p> })}
        </div>
    }
}

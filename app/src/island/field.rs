//! A labelled input with its hint and its error.

use auth::Field as Name;
use leptos::prelude::*;

use super::refusal::said_of;

/// One line of text, or with the kind `file` a file of the kinds that `accept` lists. `id` and `name` are
/// fixed names that password managers and scripts know.
#[island]
pub fn Field(
    field: Name,
    #[prop(into)] label: String,
    #[prop(optional, into)] kind: Option<String>,
    #[prop(optional, into)] class: Option<String>,
    #[prop(into)] autocomplete: String,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional, into)] inputmode: Option<String>,
    #[prop(optional, into)] accept: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional)] is_optional: Option<bool>,
) -> impl IntoView {
    let id = field.as_str();
    let required = !is_optional.unwrap_or_default();
    let (issue, blamed) = said_of(field);
    let (hint_id, issue_id) = (format!("{id}-hint"), format!("{id}-issue"));
    let has_hint = hint.is_some();
    let described_by = described_by(id, move || has_hint, issue, blamed);
    let kind = kind.unwrap_or_else(|| "text".to_owned());
    let class = class.unwrap_or_else(|| "input".to_owned());
    let autocapitalize = (kind == "email").then_some("none");
    view! {
        <div class="field">
            <div class="field-head"><label for=id>{label}</label></div>
            <div class="input-row">
                <input
                    class=class id=id name=id type=kind value=value
                    autocomplete=autocomplete inputmode=inputmode maxlength=maxlength accept=accept
                    autocapitalize=autocapitalize
                    spellcheck="false" required=required
                    aria-invalid=move || (blamed.get() || issue.get().is_some()).then_some("true")
                    aria-describedby=described_by
                />
            </div>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            <Issue id=issue_id issue/>
        </div>
    }
}

/// The sentence beside a field at fault.
#[component]
pub(super) fn Issue(id: String, issue: Signal<Option<String>>) -> impl IntoView {
    move || issue.get().map(|sentence| view! { <p class="field-error" id=id.clone()>{sentence}</p> })
}

/// The ids of what is said about a field: its hint, its issue, and the notice on top that blames it.
pub(super) fn described_by(
    id: &'static str,
    has_hint: impl Fn() -> bool + Send + 'static,
    issue: Signal<Option<String>>,
    blamed: Signal<bool>,
) -> impl Fn() -> Option<String> + Send + 'static {
    move || {
        let hint = has_hint().then(|| format!("{id}-hint"));
        let issue = issue.get().is_some().then(|| format!("{id}-issue"));
        let notice = blamed.get().then(|| "notice".to_owned());
        let ids: Vec<String> = [hint, issue, notice].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

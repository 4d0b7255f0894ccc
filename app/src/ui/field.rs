//! A labelled input with its hint and its error.

use leptos::prelude::*;
use leptos::tachys::html::attribute::custom::custom_attribute;

use crate::text::t;

/// One line of text. `id` and `name` are fixed names that password managers and scripts know.
/// `blamed` when the notice on top is about this field.
#[component]
pub fn Field(
    id: &'static str,
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "input")] class: &'static str,
    autocomplete: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] inputmode: Option<&'static str>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] maxlength: Option<u32>,
    issue: Signal<Option<String>>,
    #[prop(optional)] blamed: bool,
) -> impl IntoView {
    let (hint_id, issue_id) = (format!("{id}-hint"), format!("{id}-issue"));
    let shown_hint = hint.is_some().then(|| hint_id.clone());
    let described_by = described_by(move || shown_hint.clone(), issue_id.clone(), issue, blamed);
    view! {
        <div class="field">
            <div class="field-head"><label for=id>{label}</label></div>
            <div class="input-row">
                <input
                    class=class id=id name=name type=kind value=value
                    autocomplete=autocomplete inputmode=inputmode maxlength=maxlength
                    autocapitalize=(kind == "email").then_some("none")
                    spellcheck="false" required
                    aria-invalid=move || (blamed || issue.get().is_some()).then_some("true")
                    aria-describedby=described_by
                />
            </div>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            <Issue id=issue_id issue/>
        </div>
    }
}

/// A password with a button that shows it. The hint steps back while `hint_is_said` by the issue.
#[component]
pub fn PasswordField(
    id: &'static str,
    autocomplete: &'static str,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] hint_is_said: Option<Signal<bool>>,
    #[prop(optional)] on_input: Option<Callback<String>>,
    issue: Signal<Option<String>>,
    #[prop(optional)] blamed: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let (hint_id, issue_id) = (format!("{id}-hint"), format!("{id}-issue"));
    let hint = move || hint.clone().filter(|_| hint_is_said.is_none_or(|is_said| !is_said.get()));
    let shown_hint = {
        let (hint, hint_id) = (hint.clone(), hint_id.clone());
        move || hint().map(|_| hint_id.clone())
    };
    let described_by = described_by(shown_hint, issue_id.clone(), issue, blamed);
    let label = move || if shown.get() { t("ui.hide_password") } else { t("ui.show_password") };
    // The name changes with what a press does, so it needs no aria-pressed beside it.
    let spoken = move || if shown.get() { t("ui.hide_password_spoken") } else { t("ui.show_password_spoken") };
    view! {
        <div class="field">
            <div class="field-head"><label for=id>{t("ui.password")}</label></div>
            <div class="input-row">
                <input
                    class="input" id=id name="password" autocomplete=autocomplete required
                    type=move || if shown.get() { "text" } else { "password" }
                    autocapitalize="none" spellcheck="false"
                    {..custom_attribute("passwordrules", (autocomplete == "new-password").then_some("minlength: 12; maxlength: 256;"))}
                    aria-invalid=move || (blamed || issue.get().is_some()).then_some("true")
                    aria-describedby=described_by
                    on:input:target=move |event| {
                        if let Some(on_input) = on_input {
                            on_input.run(event.target().value());
                        }
                    }
                />
                <button
                    type="button" class="input-action"
                    aria-label=spoken
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >{label}</button>
            </div>
            {move || hint().map(|hint| view! { <p class="hint" id=hint_id.clone()>{hint}</p> })}
            {children.map(|children| children())}
            <Issue id=issue_id issue/>
        </div>
    }
}

#[component]
fn Issue(id: String, issue: Signal<Option<String>>) -> impl IntoView {
    move || issue.get().map(|sentence| view! { <p class="field-error" id=id.clone()>{sentence}</p> })
}

/// The ids of what is said about a field: its hint, its issue, and the notice on top that blames it.
fn described_by(
    shown_hint: impl Fn() -> Option<String> + Clone + Send + 'static,
    issue_id: String,
    issue: Signal<Option<String>>,
    blamed: bool,
) -> impl Fn() -> Option<String> + Clone + Send + 'static {
    move || {
        let shown_issue = issue.get().is_some().then(|| issue_id.clone());
        let notice = blamed.then(|| "notice".to_owned());
        let ids: Vec<String> = [shown_hint(), shown_issue, notice].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

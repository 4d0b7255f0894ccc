//! A password with a button that shows it, and for a new one how strong it is so far.

use auth::password::{self, MIN_LENGTH, Strength};
use auth::{Field as Name, FieldIssue};
use leptos::prelude::*;
use leptos::tachys::html::attribute::custom::custom_attribute;

use super::FormState;
use super::field::{Issue, described_by};
use super::refusal::{id_of, label_of, said_of};
use crate::browser;
use crate::text::{t, t_with};

/// The password in use, or with `is_new` a new one: then the rule is said, and the strength while
/// typing. `field` is its name where it is not [`Name::Password`]; `forgot` are the words of a link to
/// who forgot it.
#[island]
pub fn PasswordField(
    #[prop(optional)] field: Option<Name>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] forgot: Option<String>,
    is_new: bool,
) -> impl IntoView {
    let field = field.unwrap_or(Name::Password);
    let (shown, typed, edited) = (RwSignal::new(false), RwSignal::new(String::new()), RwSignal::new(false));
    let id = id_of(field, is_new);
    let (issue, blamed) = said_of(field);
    let refusal = use_context::<FormState>().map(|state| state.refusal);
    Effect::new(move |_| {
        if refusal.is_some_and(|refusal| refusal.get().is_some()) {
            edited.set(false);
        }
    });
    // The sentence about a refused password goes with the first change: from then on the strength
    // says what is missing, so that the rule is never said twice.
    let issue = Signal::derive(move || issue.get().filter(|_| !(is_new && edited.get())));
    let rule_is_said = move || {
        let said = refusal.and_then(|refusal| refusal.get()?.issue(field));
        is_new && !edited.get() && said == Some(FieldIssue::TooShort)
    };
    let hint = hint.or_else(|| is_new.then(|| t_with("ui.password_rule", &[("min", &MIN_LENGTH.to_string())])));
    let has_hint = hint.is_some();
    let described_by = described_by(id, move || has_hint && !rule_is_said(), issue, blamed);
    let hint_id = format!("{id}-hint");
    let label = move || if shown.get() { t("ui.hide_password") } else { t("ui.show_password") };
    // The name changes with what a press does, so it needs no aria-pressed beside it.
    let spoken = move || if shown.get() { t("ui.hide_password_spoken") } else { t("ui.show_password_spoken") };
    view! {
        <div class="field">
            <div class="field-head"><label for=id>{label_of(field)}</label></div>
            <div class="input-row">
                <input
                    class="input" id=id name=field.as_str() autocomplete=id required
                    type=move || if shown.get() { "text" } else { "password" }
                    autocapitalize="none" spellcheck="false"
                    {..custom_attribute("passwordrules", is_new.then_some("minlength: 12; maxlength: 256;"))}
                    aria-invalid=move || (blamed.get() || issue.get().is_some()).then_some("true")
                    aria-describedby=described_by
                    on:input:target=move |event| {
                        typed.set(event.target().value());
                        edited.set(true);
                    }
                />
                <button
                    type="button" class="input-action"
                    aria-label=spoken
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >{label}</button>
            </div>
            // Behind the field for who goes on by keyboard; it stands beside the label.
            {forgot.map(|words| view! { <a class="quiet-link" href="/forgot-password">{words}</a> })}
            {move || hint.clone().filter(|_| !rule_is_said()).map(|hint| view! { <p class="hint" id=hint_id.clone()>{hint}</p> })}
            {is_new.then(|| view! { <StrengthHint typed issue/> })}
            <Issue id=format!("{id}-issue") issue/>
        </div>
    }
}

/// Not written as text into the view: an element of nothing but texts is made of markup in the browser, which no page of ours
/// may do (Trusted Types).
const STRENGTH_BAR: &str = "strength-bar";

/// How strong the password is so far, in words; silent while an issue of it is said.
#[component]
fn StrengthHint(typed: RwSignal<String>, issue: Signal<Option<String>>) -> impl IntoView {
    move || {
        let password = typed.get();
        (!password.is_empty() && issue.get().is_none()).then(|| {
            let strength = password::strength(&password, &browser::value_of("email"), &browser::value_of("name"));
            let missing = MIN_LENGTH.saturating_sub(password.chars().count()).to_string();
            let key = match strength {
                Strength::TooShort => "ui.strength_short",
                Strength::Weak => "ui.strength_weak",
                Strength::Good => "ui.strength_good",
                Strength::Strong => "ui.strength_strong",
            };
            let words = t_with(key, &[("missing", &missing)]);
            view! {
                <p class="strength" data-level=strength.level().to_string() role="status">
                    <span class=STRENGTH_BAR aria-hidden="true"></span>
                    <span>{words}</span>
                </p>
            }
        })
    }
}

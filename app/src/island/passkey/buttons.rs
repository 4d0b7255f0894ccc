//! The buttons for passkeys as pages use them: with their words, and what is said instead where there is no script.

use leptos::prelude::*;

use super::{PasskeyPrompt, PasskeyTask, PasskeyWords, WantedPasskey};
use crate::text::t;

/// "Use a passkey", for the form that takes `ceremony` and `credential`: the one with this id, else the one around it.
/// `options` is the REST route that asks for the proof, that of the second factor when none is named; `bearer` when it
/// wants the access token of the page.
#[component]
pub fn PasskeyProof(
    #[prop(optional, into)] form_id: Option<String>,
    #[prop(optional, into)] options: Option<String>,
    #[prop(optional)] bearer: bool,
    #[prop(optional, into)] label: Option<String>,
) -> impl IntoView {
    let options = options.unwrap_or_else(|| "/api/v1/second-factor/passkey".to_owned());
    let wanted = WantedPasskey { task: PasskeyTask::Prove, options, bearer, form: form_id, confirm_form: None };
    let label = label.unwrap_or_else(|| t("page.passkeys.use"));
    let words = PasskeyWords { incapable: Some(t("page.passkeys.incapable")), ..words(label) };
    view! {
        <PasskeyPrompt wanted words/>
        <WithoutScript/>
    }
}

/// "Sign in with a passkey", in the form that signs in; the browser also fills one in. Below a password it is another
/// way, and simply not there where the browser knows no passkeys. `is_last` marks it as the way last used here.
#[component]
pub fn PasskeySignIn(#[prop(optional)] is_last: bool) -> impl IntoView {
    let options = "/api/v1/sign-in/passkey/options".to_owned();
    let wanted = WantedPasskey { task: PasskeyTask::SignIn, options, bearer: false, form: None, confirm_form: None };
    let mark = is_last.then(|| t("page.federation.last_used"));
    let words = PasskeyWords { or: Some(t("page.passkeys.or")), mark, ..words(t("page.passkeys.sign_in")) };
    view! { <PasskeyPrompt wanted words/> }
}

/// "Add a passkey", in the form that adds it. `confirm_form` is the id of the form that leads to a fresh proof.
#[component]
pub fn PasskeyCreate(
    #[prop(into)] confirm_form: String,
    #[prop(optional, into)] label: Option<String>,
) -> impl IntoView {
    let options = "/api/v1/passkeys/options".to_owned();
    let confirm_form = Some(confirm_form);
    let wanted = WantedPasskey { task: PasskeyTask::Add, options, bearer: true, form: None, confirm_form };
    let label = label.unwrap_or_else(|| t("page.passkeys.add"));
    let words = PasskeyWords { incapable: Some(t("page.passkeys.incapable")), ..words(label) };
    view! { <PasskeyPrompt wanted words/> }
}

/// "Create account with a passkey", among the fields of a sign-up. It sends the form with the id `form` instead, and
/// gives it name and address.
#[component]
pub fn PasskeySignUp(#[prop(into)] form: String) -> impl IntoView {
    let options = "/api/v1/sign-up/passkey/options".to_owned();
    let form = Some(form);
    let wanted = WantedPasskey { task: PasskeyTask::SignUp, options, bearer: false, form, confirm_form: None };
    let words = PasskeyWords { or: Some(t("page.passkeys.or")), ..words(t("page.passkeys.sign_up")) };
    view! { <PasskeyPrompt wanted words/> }
}

/// Where passkeys need a script that does not run.
#[component]
fn WithoutScript() -> impl IntoView {
    view! { <p class="notice notice-info without-script">{t("page.passkeys.no_script")}</p> }
}

fn words(label: String) -> PasskeyWords {
    PasskeyWords {
        label,
        waiting: t("page.passkeys.waiting"),
        cancelled: t("page.passkeys.cancelled"),
        known: t("page.passkeys.known"),
        failed: t("page.passkeys.failed"),
        ..PasskeyWords::default()
    }
}

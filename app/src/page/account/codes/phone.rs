//! Codes by SMS: the number is typed here, proves itself with a code, is changed and taken away.

use auth::form::PhoneNumberForm;
use auth::view::WaitingCode;
use auth::{Field as Name, PhoneNumber, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::wanted_act::WantedAct;
use super::{Head, Judgement, Off, PATH, TypeCode, lead_on, typed_code};
use crate::error::AppError;
use crate::island::{Field, PostForm, refusal_of};
use crate::server;
use crate::text::{t, t_with};
use crate::ui::Submit;

/// Sends a code to a number.
///
/// # Errors
/// A number that cannot be accepted; too soon; no SMS are sent here; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "request_phone")]
pub async fn request_phone(#[server(default)] phone_number: String) -> Result<(), AppError> {
    server::caller()?;
    // What cannot be a number is said before anybody is asked for a password.
    let outcome = match wanted_number(&phone_number) {
        Ok(_) => WantedAct::RequestPhone { phone_number: phone_number.clone() }.perform_or_ask().await,
        Err(refusal) => Err(refusal),
    };
    if outcome.is_err() {
        server::keep_typed("", &phone_number);
    }
    outcome
}

/// A number as it was typed.
pub(in crate::page::account) fn wanted_number(typed: &str) -> Result<PhoneNumber, AppError> {
    Ok(PhoneNumberForm { phone_number: typed.to_owned() }.parse()?)
}

/// Proves the number.
///
/// # Errors
/// A wrong code, or too many of them; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "confirm_phone")]
pub async fn confirm_phone(#[server(default)] code: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let made = flow::confirm_phone(&auth, &caller, &typed_code(code)?, &context).await?;
    lead_on(made.as_ref(), "phone_on");
    Ok(())
}

/// Sends another code to the number that waits.
///
/// # Errors
/// Too soon, or no number waits; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "resend_phone_code")]
pub async fn resend_phone_code() -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::resend_phone_code(&auth, &caller, &context).await?;
    server::see_other(&format!("{PATH}?note=phone_sent"));
    Ok(())
}

/// Calls off the number that waits.
///
/// # Errors
/// Nobody is signed in.
#[server(prefix = "/rpc", endpoint = "cancel_phone")]
pub async fn cancel_phone() -> Result<(), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    flow::cancel_phone(&auth, &caller).await?;
    server::see_other(&format!("{PATH}?note=phone_cancelled"));
    Ok(())
}

/// Takes the number away.
///
/// # Errors
/// There is none; the account must have a factor; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "remove_phone")]
pub async fn remove_phone() -> Result<(), AppError> {
    server::caller()?;
    WantedAct::RemovePhone.perform_or_ask().await
}

/// `number` and the one that waits are masked.
#[component]
pub(super) fn Phone(
    is_offered: bool,
    number: Option<String>,
    waits: Option<(String, Option<WaitingCode>)>,
    asks_code: bool,
) -> impl IntoView {
    let (is_on, is_waiting) = (number.is_some(), waits.is_some());
    let has_number = is_on;
    let current = number.map(|number| {
        let sentence = if is_offered { "page.codes.phone_goes_to" } else { "page.codes.phone_not_sent" };
        view! { <p>{t_with(sentence, &[("number", &number)])}</p> }
    });
    let next = match waits {
        Some((wanted, code)) => view! { <Waiting wanted code=code.filter(|_| asks_code)/> }.into_any(),
        None if is_offered => view! { <NewNumber is_change=has_number/> }.into_any(),
        None => view! { <p class="muted">{t("page.codes.not_offered")}</p> }.into_any(),
    };
    view! {
        <section class="card stack" id="phone-codes">
            <Head title=t("page.codes.phone_title") is_on is_waiting/>
            <Judgement good=t("page.codes.phone_good") limit=t("page.codes.phone_limit")/>
            {current}
            {next}
            {has_number.then(|| view! {
                <Off
                    action=RemovePhone::PATH summary=t("page.codes.phone_remove")
                    text=t("page.codes.phone_off_text") label=t("page.codes.phone_off_action")
                />
            })}
        </section>
    }
}

/// The number that must prove itself.
#[component]
fn Waiting(wanted: String, code: Option<WaitingCode>) -> impl IntoView {
    let body = match code {
        Some(waiting) => view! {
            <TypeCode action=ConfirmPhone::PATH resend=ResendPhoneCode::PATH sent_to=wanted waiting/>
        }
        .into_any(),
        None => view! {
            <p>{t_with("page.codes.phone_waits", &[("number", &wanted)])}</p>
            <PostForm action=ResendPhoneCode::PATH refusal=refusal_of(ResendPhoneCode::PATH) class="actions">
                <button type="submit" class="button button-secondary">{t("page.codes.phone_send")}</button>
            </PostForm>
        }
        .into_any(),
    };
    view! {
        {body}
        <form method="post" action=CancelPhone::PATH class="actions">
            <button type="submit" class="button button-secondary">{t("page.codes.phone_cancel")}</button>
        </form>
    }
}

#[component]
fn NewNumber(is_change: bool) -> impl IntoView {
    let refusal = refusal_of(RequestPhone::PATH);
    let typed = if refusal.is_some() { server::typed().1 } else { String::new() };
    let label = if is_change { t("page.codes.phone_change") } else { t("page.codes.phone_action") };
    view! {
        <PostForm action=RequestPhone::PATH refusal class="form account-form">
            <Field
                field=Name::PhoneNumber label=t("ui.phone_number") kind="tel" autocomplete="tel" inputmode="tel"
                value=typed maxlength=60 hint=t("page.codes.phone_hint")
            />
            <Submit label/>
        </PostForm>
    }
}

//! Codes by mail: they go to the account's own address, once it has proved itself with one.

use auth::view::WaitingCode;
use auth::{Email, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::wanted_act::WantedAct;
use super::{Head, Judgement, Off, TypeCode, lead_on, typed_code};
use crate::error::AppError;
use crate::island::PostForm;
use crate::server;
use crate::text::{t, t_with};

/// Sends the code that proves the mailbox.
///
/// # Errors
/// The operator switched them off; too soon; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "switch_on_email_codes")]
pub async fn switch_on_email_codes() -> Result<(), AppError> {
    server::caller()?;
    WantedAct::SwitchOnEmailCodes.perform_or_ask().await
}

/// Proves the mailbox.
///
/// # Errors
/// A wrong code, or too many of them; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "confirm_email_codes")]
pub async fn confirm_email_codes(#[server(default)] code: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let made = flow::confirm_email_codes(&auth, &caller, &typed_code(code)?, &context).await?;
    lead_on(made.as_ref(), "email_on");
    Ok(())
}

/// Switches them off.
///
/// # Errors
/// They are off; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "switch_off_email_codes")]
pub async fn switch_off_email_codes() -> Result<(), AppError> {
    server::caller()?;
    WantedAct::SwitchOffEmailCodes.perform_or_ask().await
}

#[component]
pub(super) fn EmailCodes(email: Email, is_offered: bool, is_on: bool, waits: Option<WaitingCode>) -> impl IntoView {
    let waits = waits.filter(|_| !is_on);
    let is_waiting = waits.is_some();
    let body = if is_on {
        view! {
            <p>{t_with("page.codes.email_goes_to", &[("email", email.as_str())])}</p>
            <Off
                action=SwitchOffEmailCodes::PATH summary=t("page.codes.switch_off")
                text=t("page.codes.email_off_text") label=t("page.codes.email_off_action")
            />
        }
        .into_any()
    } else if let Some(waiting) = waits {
        view! {
            <TypeCode
                action=ConfirmEmailCodes::PATH resend=SwitchOnEmailCodes::PATH sent_to=email.to_string() waiting
            />
        }
        .into_any()
    } else if is_offered {
        view! {
            <PostForm action=SwitchOnEmailCodes::PATH class="actions">
                <button type="submit" class="button button-secondary">{t("page.codes.email_action")}</button>
            </PostForm>
            <p class="hint">{t_with("page.codes.email_hint", &[("email", email.as_str())])}</p>
        }
        .into_any()
    } else {
        view! { <p class="muted">{t("page.codes.not_offered")}</p> }.into_any()
    };
    view! {
        <section class="card stack" id="email-codes">
            <Head title=t("page.codes.email_title") is_on is_waiting/>
            <Judgement good=t("page.codes.email_good") limit=t("page.codes.email_limit")/>
            {body}
        </section>
    }
}

//! Codes by mail and SMS as second factors: their advantages and limits, switched on and off, and the phone number.
//!
//! Both kinds stand on one page, and one code is typed at a time: that of the newer one.

use auth::factor::RecoveryCodes;
use auth::form::SentCodeForm;
use auth::view::{CodesStatus, Me, WaitingCode};
use auth::{Field as Name, TypedCode, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::other_devices::offer_to_end_others;
use super::{query, refused};
use crate::error::AppError;
use crate::island::{Field, PostForm, Resend, SubmitWhenFull, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{Area, Moment, Notice, Shell, Submit, Tone, provide_zone};
use email::EmailCodes;
use phone::Phone;

mod email;
mod phone;

pub use email::{ConfirmEmailCodes, SwitchOffEmailCodes, SwitchOnEmailCodes};
pub use phone::{CancelPhone, ConfirmPhone, RemovePhone, RequestPhone, ResendPhoneCode};

pub(super) use phone::wanted_number;

pub(super) const PATH: &str = "/account/codes";

/// A typed code.
fn typed_code(code: String) -> Result<TypedCode, AppError> {
    Ok(SentCodeForm { code }.parse()?)
}

/// After a number or mailbox proved itself: recovery codes are shown when it was the first factor.
fn lead_on(made: Option<&RecoveryCodes>, note: &str) {
    match made {
        Some(codes) => {
            server::show_recovery_codes(codes);
            server::see_other("/account/recovery-codes");
        }
        None => server::see_other(&format!("{PATH}?note={note}")),
    }
}

async fn load() -> Result<(Me, CodesStatus), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let me = auth.me(&caller).await?;
    Ok((me, flow::codes_status(&auth, &caller).await?))
}

/// The page `/account/codes`.
#[component]
pub fn CodesPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, status)) => view! { <Codes me status/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Codes(me: Me, status: CodesStatus) -> impl IntoView {
    provide_zone(&me);
    let CodesStatus { email, offers_email, has_email, mut email_waits, offers_phone, phone, phone_waits } = status;
    email_waits = email_waits.filter(|_| !has_email);
    let sms_sent_at = phone_waits.as_ref().and_then(|(_, code)| code.map(|code| code.sent_at));
    let mut asks_phone_code = true;
    match (email_waits, sms_sent_at) {
        (Some(mail), Some(sms_at)) if sms_at >= mail.sent_at => email_waits = None,
        (Some(_), _) => asks_phone_code = false,
        _ => {}
    }
    // A refusal whose form is not shown, or has no place for words, stands on top of the page.
    let types_phone_code = asks_phone_code && sms_sent_at.is_some();
    let forms = [
        (SwitchOnEmailCodes::PATH, false),
        (SwitchOffEmailCodes::PATH, false),
        (RemovePhone::PATH, false),
        (CancelPhone::PATH, false),
        (ConfirmEmailCodes::PATH, email_waits.is_some()),
        (ConfirmPhone::PATH, types_phone_code),
        (RequestPhone::PATH, offers_phone && phone_waits.is_none()),
        (ResendPhoneCode::PATH, phone_waits.is_some()),
    ];
    let refusal = forms.into_iter().find_map(|(path, is_said)| Some((refusal_of(path)?, is_said)));
    let is_refused = refusal.is_some();
    let note = match refusal {
        Some((_, true)) => None,
        Some((refusal, false)) => Some((Tone::Danger, refusal_text(&refusal))),
        None => note_text(&query("note")).map(|text| (Tone::Ok, text)),
    };
    view! {
        <Shell
            current=Area::Security title=t("page.codes.title") purpose=t("page.codes.purpose") me refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            {offer_to_end_others(&["email_on", "email_off", "phone_on", "phone_off"], is_refused)}
            <EmailCodes email is_offered=offers_email is_on=has_email waits=email_waits/>
            <Phone is_offered=offers_phone number=phone waits=phone_waits asks_code=asks_phone_code/>
            <p class="muted">
                {t("page.codes.stronger")}" "
                <a href="/account/passkeys">{t("page.codes.stronger_passkey")}</a>" · "
                <a href="/account/authenticator">{t("page.codes.stronger_app")}</a>
            </p>
        </Shell>
    }
}

/// Name and state of a kind of codes.
#[component]
fn Head(#[prop(into)] title: String, is_on: bool, is_waiting: bool) -> impl IntoView {
    let (class, words) = if is_on {
        ("badge badge-ok", t("page.codes.state_on"))
    } else if is_waiting {
        ("badge badge-warn", t("page.email.waiting"))
    } else {
        ("badge", t("page.codes.state_off"))
    };
    view! {
        <div class="card-head">
            <h2>{title}</h2>
            <span class=class>{words}</span>
        </div>
    }
}

/// What speaks for a kind of codes, and what against it.
#[component]
fn Judgement(#[prop(into)] good: String, #[prop(into)] limit: String) -> impl IntoView {
    view! {
        <ul class="plain-list">
            <li>{good}</li>
            <li>{limit}</li>
        </ul>
    }
}

/// Where the code is typed that was sent, and another one is asked for.
#[component]
fn TypeCode(
    action: &'static str,
    resend: &'static str,
    #[prop(into)] sent_to: String,
    waiting: WaitingCode,
) -> impl IntoView {
    let WaitingCode { expires_at, resend_in, tries_left, .. } = waiting;
    let (refusal, resend_refusal) = (refusal_of(action), refusal_of(resend));
    // Asked for by a button of the same address, it is said on top of the page.
    let resend_refusal = resend_refusal.filter(|_| resend != SwitchOnEmailCodes::PATH);
    let form = if tries_left == 0 {
        view! { <Notice tone=Tone::Danger text=t("error.code_exhausted")/> }.into_any()
    } else {
        view! {
            <PostForm action=action refusal class="form account-form">
                <Field
                    field=Name::Code label=t("ui.code") class="input input-code" autocomplete="one-time-code"
                    inputmode="numeric" maxlength=60 hint=t("page.codes.code_hint")
                />
                <SubmitWhenFull of=Name::Code.as_str() digits=8/>
                <Submit label=t("page.confirm.action")/>
            </PostForm>
        }
        .into_any()
    };
    view! {
        <p>{t_with("page.codes.sent_to", &[("to", &sent_to)])}</p>
        <p class="muted">{t("page.codes.works_until")}" "<Moment at=expires_at with_time=true/></p>
        {form}
        <div class="actions">
            <Resend
                action=resend refusal=resend_refusal resend_in
                now=t("page.verify_email.resend") later=t("page.verify_email.resend_in")
            />
        </div>
    }
}

/// Opens onto what going without means, and the button that does it.
#[component]
fn Off(
    action: &'static str,
    #[prop(into)] summary: String,
    #[prop(into)] text: String,
    #[prop(into)] label: String,
) -> impl IntoView {
    view! {
        <details class="revoke">
            <summary>{summary}</summary>
            <form method="post" action=action>
                <p>{text}</p>
                <button type="submit" class="button button-danger button-small">{label}</button>
            </form>
        </details>
    }
}

fn refusal_text(refusal: &AppError) -> String {
    let seconds = refusal.0.retry_after.unwrap_or(0).to_string();
    t_with(&format!("error.{}", refusal.code().as_str()), &[("seconds", &seconds)])
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "email_sent" => Some(t("page.codes.email_sent")),
        "email_on" => Some(t("page.codes.email_on")),
        "email_off" => Some(t("page.codes.email_off")),
        "phone_sent" => Some(t("page.codes.phone_sent")),
        "phone_on" => Some(t("page.codes.phone_on")),
        "phone_off" => Some(t("page.codes.phone_off")),
        "phone_cancelled" => Some(t("page.codes.phone_cancelled")),
        _ => None,
    }
}

//! Choosing a new password: the page behind the mailed link, and the page that waits for the code.
//!
//! Opening either changes nothing. Only a post consumes a link or a code, so a mail scanner that
//! follows links does no harm.

use auth::flow::{self, ResetProof};
use auth::form::{NewPasswordForm, ResetByCodeForm};
use auth::view::ResetStatus;
use auth::{Email, ErrorCode, Field as Name};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use secrecy::SecretString;

use super::ForgotPassword;
use crate::error::AppError;
use crate::island::{Field, PasswordField, PostForm, Rules, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Entry, Notice, Submit, Tone};

/// Where a new password leads.
const NEXT: &str = "/sign-in?note=password_reset";

/// Consumes the token of a mailed link and sets the password.
///
/// # Errors
/// The link was used or is too old; the password is refused, which consumes nothing.
#[server(prefix = "/rpc", endpoint = "reset_by_link")]
pub async fn reset_by_link(
    #[server(default)] token: String,
    #[server(default)] new_password: String,
) -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    let new_password = NewPasswordForm { new_password: new_password.into() }.parse()?;
    let token = SecretString::from(token);
    let email = flow::reset_is_live(&auth, &token).await?.ok_or(ErrorCode::ResetExpired)?;
    flow::reset_password(&auth, ResetProof::Link(token), &new_password, &context).await?;
    finish(&email).await;
    Ok(())
}

/// Consumes the code of the mail that this browser asked for and sets the password.
///
/// # Errors
/// A wrong code, or too many of them; the password is refused, which consumes nothing.
#[server(prefix = "/rpc", endpoint = "reset_by_code")]
pub async fn reset_by_code(
    #[server(default)] code: String,
    #[server(default)] new_password: String,
) -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    server::keep_code(&code);
    let (code, new_password) = ResetByCodeForm { code, new_password: new_password.into() }.parse()?;
    let ticket = server::cookie(server::RESET_COOKIE).ok_or(ErrorCode::ResetExpired)?;
    let ResetStatus::Waiting { email, .. } = flow::reset_ticket_status(&auth, &ticket).await? else {
        return Err(ErrorCode::ResetExpired.into());
    };
    flow::reset_password(&auth, ResetProof::TicketCode(ticket, code), &new_password, &context).await?;
    finish(&email).await;
    Ok(())
}

/// Nothing waits in this browser any more, and nobody is signed in. The password is changed: whatever
/// goes wrong from here on does not take that back, and must not be told as a refusal.
async fn finish(email: &Email) {
    let (auth, context) = (server::auth(), server::context());
    // Somebody else may be signed in here: the cookie goes, and the session would live on unseen.
    if let Some(old) = server::cookie(server::REFRESH_COOKIE)
        && let Err(error) = flow::sign_out(&auth, &old, &context).await
    {
        tracing::warn!(%error, "a session lives on whose cookie was removed after a reset");
    }
    for cookie in [server::REFRESH_COOKIE, server::RESET_COOKIE, server::CODE_COOKIE] {
        server::clear_cookie(cookie);
    }
    server::keep_email(email);
    server::see_other(NEXT);
}

/// Where the new password that this browser asked for stands.
pub(super) async fn reset_status() -> ResetStatus {
    let auth = server::auth();
    match server::cookie(server::RESET_COOKIE) {
        Some(ticket) => flow::reset_ticket_status(&auth, &ticket).await.unwrap_or(ResetStatus::Gone),
        None => ResetStatus::Gone,
    }
}

/// Whose account a mailed link gives a new password.
async fn live_link(token: String) -> Option<Email> {
    let auth = server::auth();
    flow::reset_is_live(&auth, &token.into()).await.ok().flatten()
}

/// The page `/reset-password`.
#[component]
pub fn ResetPasswordPage() -> impl IntoView {
    match use_query_map().get_untracked().get("token") {
        Some(token) => view! { <BehindLink token/> }.into_any(),
        None => view! { <WaitingPage/> }.into_any(),
    }
}

/// Behind the mailed link: one field.
#[component]
fn BehindLink(token: String) -> impl IntoView {
    let refusal = refusal_of(ResetByLink::PATH);
    let asked = token.clone();
    let link = resource(move || asked.clone(), live_link);
    view! {
        <Suspense>
            {move || {
                let (token, refusal) = (token.clone(), refusal.clone());
                Suspend::new(async move {
                    match link.await {
                        Some(email) => view! { <ChooseByLink email token refusal/> }.into_any(),
                        None => view! { <DeadLink/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn ChooseByLink(email: Email, token: String, refusal: Option<AppError>) -> impl IntoView {
    let refused = refusal.is_some();
    view! {
        <Entry title=t("page.reset_password.link_title") lead=t("page.reset_password.link_lead") refused>
            <p class="address">{email.to_string()}</p>
            <PostForm action=ResetByLink::PATH refusal rules=Rules::NewPassword>
                <input type="hidden" name="token" value=token/>
                <Username email/>
                <PasswordField field=Name::NewPassword is_new=true/>
                <Submit label=t("page.reset_password.action")/>
            </PostForm>
        </Entry>
    }
}

/// Whose password it is, for password managers and the strength while typing; never sent.
#[component]
fn Username(email: Email) -> impl IntoView {
    view! { <input type="email" id="email" autocomplete="username" value=email.to_string() readonly=true hidden=true/> }
}

/// A link that leads to no new password any more.
#[component]
fn DeadLink() -> impl IntoView {
    server::set_status(ErrorCode::ResetExpired);
    view! {
        <Entry title=t("page.verify_email.dead_title")>
            <Notice tone=Tone::Danger text=t("error.reset_expired")/>
            <AskAgain/>
        </Entry>
    }
}

/// The page that waits for the code of the mail.
#[component]
fn WaitingPage() -> impl IntoView {
    let status = resource(|| (), |()| reset_status());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match status.await {
                    ResetStatus::Waiting { email, tries_left } => view! { <Waiting email tries_left/> }.into_any(),
                    ResetStatus::Gone => view! { <NothingWaits/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Waiting(email: Email, tries_left: u32) -> impl IntoView {
    let (refusal, again) = (refusal_of(ResetByCode::PATH), refusal_of(ForgotPassword::PATH));
    let exhausted = tries_left == 0;
    let refused = exhausted || refusal.is_some() || again.is_some();
    let asked_again = use_query_map().get_untracked().get("note").as_deref() == Some("sent");
    // Also when the code is dead: beyond the limit of mails no other page comes.
    let told = asked_again && refusal.is_none() && again.is_none();
    // Once the code is dead, another mail is the way on.
    let look = if exhausted { "button button-primary" } else { "button button-secondary" };
    let address = email.to_string();
    view! {
        <Entry title=t("page.reset_password.title") lead=t("page.reset_password.lead") refused>
            <p class="address">{address.clone()}</p>
            {told.then(|| view! { <Notice tone=Tone::Ok text=t("page.reset_password.sent_again")/> })}
            {if exhausted {
                view! { <Notice tone=Tone::Danger text=t("error.code_exhausted")/> }.into_any()
            } else {
                view! { <ChooseByCode email refusal/> }.into_any()
            }}
            <p class="form-foot">{t("page.verify_email.help")}</p>
            <div class="actions">
                <PostForm action=ForgotPassword::PATH refusal=again class="">
                    <input type="hidden" name="email" value=address/>
                    <button type="submit" class=look>{t("page.verify_email.resend")}</button>
                </PostForm>
                <a class="button button-secondary button-wide" href="/forgot-password">{t("page.reset_password.change_address")}</a>
            </div>
        </Entry>
    }
}

#[component]
fn ChooseByCode(email: Email, refusal: Option<AppError>) -> impl IntoView {
    // Only the password was refused: the code is typed already.
    let keeps_code = refusal
        .as_ref()
        .is_some_and(|refusal| refusal.issue(Name::NewPassword).is_some() && refusal.issue(Name::Code).is_none());
    let code = if keeps_code { server::kept_code() } else { String::new() };
    view! {
        <PostForm action=ResetByCode::PATH refusal rules=Rules::ResetByCode>
            <Username email/>
            <Field
                field=Name::Code label=t("ui.code") class="input input-code" autocomplete="one-time-code"
                inputmode="numeric" maxlength=40 value=code hint=t("page.reset_password.code_hint")
            />
            <PasswordField field=Name::NewPassword is_new=true/>
            <Submit label=t("page.reset_password.action")/>
        </PostForm>
    }
}

#[component]
fn NothingWaits() -> impl IntoView {
    let refused = refusal_of(ResetByCode::PATH).is_some();
    view! {
        <Entry title=t("page.reset_password.gone_title") lead=t("page.reset_password.gone_lead") refused>
            {refused.then(|| view! { <Notice tone=Tone::Danger text=t("error.reset_expired")/> })}
            <AskAgain/>
        </Entry>
    }
}

#[component]
fn AskAgain() -> impl IntoView {
    view! { <a class="button button-primary button-wide" href="/forgot-password">{t("page.reset_password.ask_again")}</a> }
}

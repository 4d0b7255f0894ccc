//! Recovery by mail, the last way back into an account whose second factors are lost: what it does and how long it
//! takes, the button that starts it in a sign-in that waits for its second factor, and, behind the mailed link, its end.
//!
//! Opening the link changes nothing; only its button posts.

use auth::form::CompleteRecoveryForm;
use auth::view::{AccountRecovery, RecoveryToComplete};
use auth::{Email, ErrorCode, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use secrecy::ExposeSecret;

use super::account::device_text;
use crate::error::AppError;
use crate::island::{PasswordField, PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Entry, Moment, Notice, Submit, Tone};

/// Starts the recovery of the account whose sign-in waits in this browser.
///
/// # Errors
/// No sign-in waits here; one was cancelled a day ago, or three were asked for within a week.
#[server(prefix = "/rpc", endpoint = "start_account_recovery")]
pub async fn start_account_recovery() -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    let ticket = server::cookie(server::SECOND_FACTOR_COOKIE).ok_or(ErrorCode::SecondFactorExpired)?;
    flow::start_account_recovery(&auth, &ticket, &context).await?;
    server::see_other("/recover-account?note=started");
    Ok(())
}

/// Removes every factor of the account of a mailed link, and leads to the sign-in.
///
/// # Errors
/// The link is dead; the password is wrong.
#[server(prefix = "/rpc", endpoint = "complete_account_recovery")]
pub async fn complete_account_recovery(
    #[server(default)] token: String,
    #[server(default)] password: String,
) -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    let form = CompleteRecoveryForm { token: token.into(), password: password.into() };
    let (token, password) = form.parse()?;
    let recovered = flow::complete_account_recovery(&auth, &token, &password, &context).await?;
    // Somebody else may be signed in here: the cookie goes, and the session would live on unseen.
    if let Some(old) = server::cookie(server::REFRESH_COOKIE)
        && let Err(error) = flow::sign_out(&auth, &old, &context).await
    {
        tracing::warn!(%error, "a session lives on whose cookie was removed after a recovery");
    }
    for cookie in [server::REFRESH_COOKIE, server::SECOND_FACTOR_COOKIE] {
        server::clear_cookie(cookie);
    }
    server::keep_email(&recovered.email);
    match recovered.choose_password {
        Some(ticket) => {
            server::set_cookie(server::RESET_COOKIE, ticket.expose_secret(), auth.lifetimes().password_reset);
            server::see_other("/reset-password");
        }
        None => server::see_other("/sign-in?note=account_recovered"),
    }
    Ok(())
}

/// The page `/recover-account`.
#[component]
pub fn RecoverAccountPage() -> impl IntoView {
    match use_query_map().get_untracked().get("token") {
        Some(token) => view! { <BehindLink token/> }.into_any(),
        None => view! { <Beginning/> }.into_any(),
    }
}

// --- The beginning ---------------------------------------------------------------

/// The sign-in that waits in this browser: its address, and the recovery that runs.
async fn waiting() -> Option<(Email, Option<AccountRecovery>)> {
    let auth = server::auth();
    let ticket = server::cookie(server::SECOND_FACTOR_COOKIE)?;
    flow::recovery_of_sign_in(&auth, &ticket).await.ok()
}

#[component]
fn Beginning() -> impl IntoView {
    let waiting = resource(|| (), |()| waiting());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match waiting.await {
                    Some((_, Some(recovery))) => view! { <Running recovery/> }.into_any(),
                    Some((email, None)) => view! { <Start email/> }.into_any(),
                    None => view! { <HowToBegin/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// What would happen, and the button that makes it happen.
#[component]
fn Start(email: Email) -> impl IntoView {
    let refusal = refusal_of(StartAccountRecovery::PATH);
    let is_refused = refusal.is_some();
    // The sentence of this code speaks of a mail and of seconds; here it is days.
    let is_too_soon = refusal.as_ref().is_some_and(|refusal| refusal.code() == ErrorCode::TooSoon);
    let act = if is_too_soon {
        view! { <Notice tone=Tone::Danger text=t("page.recovery.too_soon")/> }.into_any()
    } else {
        view! {
            <PostForm action=StartAccountRecovery::PATH refusal>
                <Submit label=t("page.recovery.start")/>
            </PostForm>
        }
        .into_any()
    };
    view! {
        <Entry title=t("page.recovery.title") lead=t("page.recovery.lead") refused=is_refused>
            <p class="address">{email.to_string()}</p>
            <ul class="plain-list">
                <li>{t("page.recovery.waits")}</li>
                <li>{t("page.recovery.tells")}</li>
                <li>{t("page.recovery.removes")}</li>
                <li>{t("page.recovery.then_sign_in")}</li>
            </ul>
            {act}
            <p class="form-foot"><a href="/two-step">{t("page.recovery.other_ways")}</a></p>
        </Entry>
    }
}

/// It was asked for: when the link comes, and what ends it.
#[component]
fn Running(recovery: AccountRecovery) -> impl IntoView {
    let is_new = use_query_map().get_untracked().get("note").as_deref() == Some("started");
    view! {
        <Entry title=t("page.recovery.running_title")>
            {is_new.then(|| view! { <Notice tone=Tone::Ok text=t("page.recovery.started")/> })}
            <p class="lead">{t("page.recovery.link_comes")}" "<strong><Moment at=recovery.ready_at with_time=true/></strong></p>
            <p class="address">{recovery.email.to_string()}</p>
            <p>{t("page.recovery.link_works")}" "<Moment at=recovery.expires_at with_time=true/></p>
            <p>{t("page.recovery.found_again")}</p>
            <div class="actions">
                <a class="button button-secondary button-wide" href="/two-step">{t("page.recovery.other_ways")}</a>
            </div>
        </Entry>
    }
}

/// No sign-in waits here. It says the same to everybody, and asks for no address.
#[component]
fn HowToBegin() -> impl IntoView {
    let refused = refusal_of(StartAccountRecovery::PATH).is_some();
    view! {
        <Entry title=t("page.recovery.title") lead=t("page.recovery.begin_lead") refused>
            {refused.then(|| view! { <Notice tone=Tone::Danger text=t("error.second_factor_expired")/> })}
            <ol class="plain-list">
                <li>{t("page.recovery.begin_password")}</li>
                <li>{t("page.recovery.begin_sign_in")}</li>
                <li>{t("page.recovery.begin_wait")}</li>
            </ol>
            <div class="actions">
                <a class="button button-primary" href="/sign-in">{t("page.sign_in.action")}</a>
                <a class="button button-secondary" href="/forgot-password">{t("page.recovery.choose_password")}</a>
            </div>
        </Entry>
    }
}

// --- The end ---------------------------------------------------------------------

async fn behind_link(token: String) -> Option<RecoveryToComplete> {
    flow::recovery_to_complete(&server::auth(), &token.into()).await.ok()
}

#[component]
fn BehindLink(token: String) -> impl IntoView {
    let asked = token.clone();
    let found = resource(move || asked.clone(), behind_link);
    view! {
        <Suspense>
            {move || {
                let token = token.clone();
                Suspend::new(async move {
                    match found.await {
                        Some(found) => view! { <Complete found token/> }.into_any(),
                        None => view! { <DeadLink/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Complete(found: RecoveryToComplete, token: String) -> impl IntoView {
    let refusal = refusal_of(CompleteAccountRecovery::PATH);
    let is_refused = refusal.is_some();
    let RecoveryToComplete { recovery, has_password } = found;
    let email = recovery.email.to_string();
    view! {
        <Entry title=t("page.recovery.complete_title") lead=t("page.recovery.complete_lead") refused=is_refused>
            <p class="address">{email.clone()}</p>
            <ul class="plain-list">
                <li>{t("page.recovery.removes_factors")}</li>
                <li>{t("page.recovery.ends_sessions")}</li>
                <li>{t("page.recovery.sets_up_anew")}</li>
            </ul>
            <p class="muted">
                {t("page.recovery.asked_at")}" "<Moment at=recovery.asked_at with_time=true/>" · "
                {device_text(&recovery.device)}
            </p>
            <PostForm action=CompleteAccountRecovery::PATH refusal>
                <input type="hidden" name="token" value=token/>
                // Not sent: it tells a password manager whose password it is.
                <input type="email" id="email" autocomplete="username" value=email readonly hidden/>
                // Made in here: what the form is refused with reaches the fields that are made within it.
                {if has_password {
                    view! { <PasswordField is_new=false/> }.into_any()
                } else {
                    view! { <p>{t("page.recovery.password_follows")}</p> }.into_any()
                }}
                <Submit label=t("page.recovery.complete")/>
            </PostForm>
        </Entry>
    }
}

#[component]
fn DeadLink() -> impl IntoView {
    server::set_status(ErrorCode::LinkExpired);
    view! {
        <Entry title=t("page.verify_email.dead_title") refused=true>
            <Notice tone=Tone::Danger text=t("page.recovery.dead")/>
            <div class="actions">
                <a class="button button-primary" href="/sign-in">{t("page.sign_in.action")}</a>
                <a class="button button-secondary" href="/recover-account">{t("page.recovery.how")}</a>
            </div>
        </Entry>
    }
}

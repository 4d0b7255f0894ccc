//! "This was not me": the page behind the link of a notice. It works signed out. Opening it changes
//! nothing; its button secures the account, and the page then shows what happened since.

use auth::form::LinkForm;
use auth::text::event_text;
use auth::view::{ActivityItem, NoticeStatus};
use auth::{ErrorCode, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use super::account::device_text;
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::{locale, t};
use crate::ui::{Entry, Moment, Notice, Submit, Tone};

/// Ends every session, makes the password void and mails the way to a new one.
///
/// # Errors
/// The link was used or is too old.
#[server(prefix = "/rpc", endpoint = "secure_account")]
pub async fn secure_account(#[server(default)] token: String) -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    let link = LinkForm { token: token.clone().into() }.parse()?;
    flow::secure_account_by_link(&auth, &link, &context).await?;
    leave_for(&token);
    Ok(())
}

/// The same for an event in the activity of who is signed in.
///
/// # Errors
/// The event is none of theirs; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "secure_account_by_event")]
pub async fn secure_account_by_event(#[server(default)] event: String) -> Result<(), AppError> {
    use secrecy::ExposeSecret as _;

    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let token = flow::secure_account_by_event(&auth, &caller, &event, &context).await?;
    leave_for(token.expose_secret());
    Ok(())
}

/// The session of this browser ended with all others.
fn leave_for(token: &str) {
    server::clear_cookie(server::REFRESH_COOKIE);
    let token: String = token.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    server::see_other(&format!("/not-me?token={token}"));
}

async fn load(token: String) -> Option<NoticeStatus> {
    flow::notice_status(&server::auth(), &token.into()).await.ok()
}

/// The page `/not-me`.
#[component]
pub fn NotMePage() -> impl IntoView {
    let token = use_query_map().get_untracked().get("token").unwrap_or_default();
    let asked = token.clone();
    let status = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || {
                let token = token.clone();
                Suspend::new(async move {
                    match status.await {
                        Some(status) if status.is_used => view! { <Secured status/> }.into_any(),
                        Some(status) => view! { <Ask status token/> }.into_any(),
                        None => view! { <DeadLink/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Ask(status: NoticeStatus, token: String) -> impl IntoView {
    let refusal = refusal_of(SecureAccount::PATH);
    let is_refused = refusal.is_some();
    view! {
        <Entry title=t("page.not_me.title") lead=t("page.not_me.lead") refused=is_refused>
            <p class="address">{status.email.to_string()}</p>
            <ul class="plain-list">
                <li>{t("page.not_me.ends_sessions")}</li>
                <li>{t("page.not_me.revokes_tokens")}</li>
                <li>{t("page.not_me.voids_password")}</li>
                <li>{t("page.not_me.takes_back")}</li>
                <li>{t("page.not_me.sends_mail")}</li>
            </ul>
            <PostForm action=SecureAccount::PATH refusal>
                <input type="hidden" name="token" value=token/>
                <Submit label=t("page.not_me.action")/>
            </PostForm>
            <p class="form-foot"><a href="/">{t("page.not_me.was_me")}</a></p>
        </Entry>
    }
}

/// What came of it, and what happened since the notice.
#[component]
fn Secured(status: NoticeStatus) -> impl IntoView {
    let events = status.events.into_iter().map(|event| view! { <Event event/> }).collect_view();
    let lead = if status.has_way_in { t("page.not_me.done_lead") } else { t("page.not_me.done_lead_taken") };
    view! {
        <Entry title=t("page.not_me.done_title") lead>
            <p class="address">{status.email.to_string()}</p>
            <h2>{t("page.not_me.since")}</h2>
            <ol class="plain-list">{events}</ol>
            <div class="actions">
                <a class="button button-secondary button-wide" href="/forgot-password">{t("page.reset_password.ask_again")}</a>
            </div>
        </Entry>
    }
}

#[component]
fn Event(event: ActivityItem) -> impl IntoView {
    view! {
        <li>
            {event_text(locale(), event.kind)}
            <p class="muted">{device_text(&event.device)}" · "<Moment at=event.at with_time=true/></p>
        </li>
    }
}

#[component]
fn DeadLink() -> impl IntoView {
    server::set_status(ErrorCode::LinkExpired);
    view! {
        <Entry title=t("page.verify_email.dead_title") refused=true>
            <Notice tone=Tone::Danger text=t("page.not_me.dead")/>
            <div class="actions">
                <a class="button button-primary" href="/forgot-password">{t("page.forgot_password.title")}</a>
                <a class="button button-secondary" href="/sign-in">{t("page.sign_in.action")}</a>
            </div>
        </Entry>
    }
}

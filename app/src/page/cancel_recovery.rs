//! The page behind the link that calls the recovery of an account off. It works signed out. Opening it changes nothing;
//! its button posts.

use auth::form::LinkForm;
use auth::view::AccountRecovery;
use auth::{ErrorCode, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use super::account::device_text;
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Entry, Moment, Notice, Submit, Tone};

/// Calls the recovery of a mailed link off.
///
/// # Errors
/// It is over, or the link is none.
#[server(prefix = "/rpc", endpoint = "cancel_account_recovery_by_link")]
pub async fn cancel_account_recovery_by_link(#[server(default)] token: String) -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    let token = LinkForm { token: token.into() }.parse()?;
    flow::cancel_account_recovery_by_link(&auth, &token, &context).await?;
    server::see_other("/cancel-recovery?note=cancelled");
    Ok(())
}

async fn load(token: String) -> Option<AccountRecovery> {
    flow::recovery_to_cancel(&server::auth(), &token.into()).await.ok()
}

/// The page `/cancel-recovery`.
#[component]
pub fn CancelRecoveryPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let token = query.get("token").unwrap_or_default();
    let is_done = token.is_empty() && query.get("note").as_deref() == Some("cancelled");
    let asked = token.clone();
    let recovery = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || {
                let token = token.clone();
                Suspend::new(async move {
                    match recovery.await {
                        Some(recovery) => view! { <Ask recovery token/> }.into_any(),
                        None if is_done => view! { <Done/> }.into_any(),
                        None => view! { <DeadLink/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Ask(recovery: AccountRecovery, token: String) -> impl IntoView {
    let refusal = refusal_of(CancelAccountRecoveryByLink::PATH);
    let is_refused = refusal.is_some();
    view! {
        <Entry title=t("page.recovery.cancel_title") lead=t("page.recovery.cancel_lead") refused=is_refused>
            <p class="address">{recovery.email.to_string()}</p>
            <p class="muted">
                {t("page.recovery.asked_at")}" "<Moment at=recovery.asked_at with_time=true/>" · "
                {device_text(&recovery.device)}
            </p>
            <PostForm action=CancelAccountRecoveryByLink::PATH refusal>
                <input type="hidden" name="token" value=token/>
                <Submit label=t("page.recovery.cancel")/>
            </PostForm>
            <p class="form-foot"><a href="/">{t("page.not_me.was_me")}</a></p>
        </Entry>
    }
}

/// It is called off; whoever asked for it knows the password.
#[component]
fn Done() -> impl IntoView {
    view! {
        <Entry title=t("page.recovery.cancelled_title") lead=t("page.recovery.cancelled_lead")>
            <div class="actions">
                <a class="button button-primary" href="/forgot-password">{t("page.recovery.choose_password")}</a>
                <a class="button button-secondary" href="/sign-in">{t("page.sign_in.action")}</a>
            </div>
        </Entry>
    }
}

#[component]
fn DeadLink() -> impl IntoView {
    server::set_status(ErrorCode::LinkExpired);
    view! {
        <Entry title=t("page.verify_email.dead_title") refused=true>
            <Notice tone=Tone::Danger text=t("page.recovery.cancel_dead")/>
            <div class="actions">
                <a class="button button-primary" href="/sign-in">{t("page.sign_in.action")}</a>
                <a class="button button-secondary" href="/forgot-password">{t("page.recovery.choose_password")}</a>
            </div>
        </Entry>
    }
}

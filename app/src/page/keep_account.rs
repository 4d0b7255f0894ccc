//! The page behind the link that keeps an account from being deleted. It works signed out. Opening it
//! changes nothing; its button posts.

use auth::form::LinkForm;
use auth::{Email, ErrorCode, Timestamp, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Entry, Moment, Notice, Submit, Tone};

/// Keeps the account of a mailed link.
///
/// # Errors
/// The link was used, or it is too late.
#[server(prefix = "/rpc", endpoint = "keep_account_by_link")]
pub async fn keep_account_by_link(#[server(default)] token: String) -> Result<(), AppError> {
    let (auth, context) = (server::auth(), server::context());
    let token = LinkForm { token: token.into() }.parse()?;
    let email = flow::keep_account_by_link(&auth, &token, &context).await?;
    server::keep_email(&email);
    server::see_other("/sign-in?note=account_kept");
    Ok(())
}

async fn load(token: String) -> Option<(Email, Timestamp)> {
    flow::account_of_keep_link(&server::auth(), &token.into()).await.ok()
}

/// The page `/keep-account`.
#[component]
pub fn KeepAccountPage() -> impl IntoView {
    let token = use_query_map().get_untracked().get("token").unwrap_or_default();
    let asked = token.clone();
    let account = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || {
                let token = token.clone();
                Suspend::new(async move {
                    match account.await {
                        Some((email, at)) => view! { <Keep email at token/> }.into_any(),
                        None => view! { <DeadLink/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Keep(email: Email, at: Timestamp, token: String) -> impl IntoView {
    let refusal = refusal_of(KeepAccountByLink::PATH);
    let is_refused = refusal.is_some();
    view! {
        <Entry title=t("page.keep_account.title") refused=is_refused>
            <p class="lead">{t("page.data.going_text")}" "<strong><Moment at with_time=true/></strong></p>
            <p class="address">{email.to_string()}</p>
            <PostForm action=KeepAccountByLink::PATH refusal>
                <input type="hidden" name="token" value=token/>
                <Submit label=t("page.data.keep_action")/>
            </PostForm>
        </Entry>
    }
}

#[component]
fn DeadLink() -> impl IntoView {
    server::set_status(ErrorCode::LinkExpired);
    view! {
        <Entry title=t("page.verify_email.dead_title") refused=true>
            <Notice tone=Tone::Danger text=t("page.keep_account.dead")/>
            <div class="actions">
                <a class="button button-primary" href="/sign-in">{t("page.sign_in.action")}</a>
                <a class="button button-secondary" href="/sign-up">{t("page.sign_up.action")}</a>
            </div>
        </Entry>
    }
}

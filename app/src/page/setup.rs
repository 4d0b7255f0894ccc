//! The first administrator. The link of the first start leads here; it works once, for whoever is signed in, and only
//! while nobody administers the product. Opening it changes nothing, its button posts.

use auth::view::Me;
use auth::{ErrorCode, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::account::query;
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::SignOut;
use crate::page::resource::resource;
use crate::server;
use crate::session::sign_in_path;
use crate::text::t;
use crate::ui::{Entry, Notice, Submit, Tone, facts};

/// Makes the signed-in account the first administrator's.
///
/// # Errors
/// The link was used, is too old, or there is an administrator; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "complete_setup")]
pub async fn complete_setup() -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let token = server::setup_token().ok_or(ErrorCode::LinkExpired)?;
    flow::complete_setup(&auth, &caller, &token, &context).await?;
    server::forget_setup_token();
    // Who has no second factor is led to the page that asks for one.
    server::see_other("/admin");
    Ok(())
}

/// Forgets the link in this browser; it goes on to work where it is written.
///
/// # Errors
/// Only a fault on our side.
#[server(prefix = "/rpc", endpoint = "forget_setup")]
pub async fn forget_setup() -> Result<(), AppError> {
    server::forget_setup_token();
    server::see_other(if server::caller().is_ok() { "/dashboard" } else { "/sign-in" });
    Ok(())
}

/// What there is to see.
#[derive(Clone, Serialize, Deserialize)]
enum Found {
    /// The link leads nowhere.
    Dead,
    /// It leads on, and nobody is signed in.
    SignedOut,
    /// It leads on, for this account.
    SignedIn(Box<Me>),
}

async fn load(typed: String) -> Found {
    let (auth, caller) = (server::auth(), server::caller().ok());
    let token = if typed.is_empty() { server::setup_token() } else { Some(SecretString::from(typed)) };
    let Some(token) = token else { return Found::Dead };
    if flow::setup_link_is_live(&auth, &token).await.is_err() {
        return Found::Dead;
    }
    let Some(caller) = caller else { return Found::SignedOut };
    auth.me(&caller).await.map_or(Found::SignedOut, |me| Found::SignedIn(Box::new(me)))
}

/// The page `/setup`.
#[component]
pub fn SetupPage() -> impl IntoView {
    let token = query("token");
    let asked = token.clone();
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || {
                let token = token.clone();
                Suspend::new(async move {
                    match loaded.await {
                        Found::Dead => view! { <Dead/> }.into_any(),
                        _ if !token.is_empty() => view! { <Kept token/> }.into_any(),
                        Found::SignedIn(me) => view! { <Confirm me=*me/> }.into_any(),
                        Found::SignedOut => view! { <SignInFirst/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

/// The token leaves the address bar: it would stand in the history and on somebody's screen.
#[component]
fn Kept(token: String) -> impl IntoView {
    server::keep_setup_token(&SecretString::from(token));
    server::see_other(server::SETUP);
    view! {
        <Entry title=t("page.setup.title") lead=t("page.setup.lead")>
            <a class="button button-primary button-wide" href=server::SETUP>{t("page.setup.go_on")}</a>
        </Entry>
    }
}

/// Nobody is signed in: both ways in, which lead back here.
#[component]
fn SignInFirst() -> impl IntoView {
    view! {
        <Entry title=t("page.setup.title") lead=t("page.setup.lead")>
            <p>{t("page.setup.account_first")}</p>
            <a class="button button-primary button-wide" href="/sign-up">{t("page.sign_up.action")}</a>
            <a class="button button-secondary button-wide" href=sign_in_path(server::SETUP)>{t("page.sign_in.action")}</a>
            <p class="hint">{t("page.setup.kept")}</p>
        </Entry>
    }
}

/// Somebody is signed in: is it the right account?
#[component]
fn Confirm(me: Me) -> impl IntoView {
    let refusal = refusal_of(CompleteSetup::PATH);
    let is_refused = refusal.is_some();
    let account = [
        (t("ui.name").into_any(), me.name.to_string().into_any()),
        (t("ui.email").into_any(), me.email.to_string().into_any()),
    ];
    view! {
        <Entry title=t("page.setup.confirm_title") lead=t("page.setup.confirm_lead") refused=is_refused>
            {facts(account)}
            <ul class="plain-list">
                <li>{t("page.setup.may_everything")}</li>
                <li>{t("page.setup.factor_next")}</li>
                <li>{t("page.setup.link_ends")}</li>
            </ul>
            <PostForm action=CompleteSetup::PATH refusal>
                <Submit label=t("page.setup.action")/>
            </PostForm>
            <PostForm action=SignOut::PATH>
                <input type="hidden" name="next" value=sign_in_path(server::SETUP)/>
                <button type="submit" class="button button-secondary button-wide">{t("page.setup.other_account")}</button>
            </PostForm>
            <PostForm action=ForgetSetup::PATH>
                <button type="submit" class="button button-secondary button-wide">{t("page.setup.not_now")}</button>
            </PostForm>
        </Entry>
    }
}

/// The link was used, is too old, or there is an administrator: which of them is nobody's business.
#[component]
fn Dead() -> impl IntoView {
    server::set_status(ErrorCode::LinkExpired);
    if server::cookie(server::SETUP_COOKIE).is_some() {
        server::forget_setup_token();
    }
    view! {
        <Entry title=t("page.setup.dead_title") refused=true>
            <Notice tone=Tone::Danger text=t("page.setup.dead")/>
            <p class="hint">{t("page.setup.dead_hint")}</p>
            <div class="actions">
                <a class="button button-primary" href="/sign-in">{t("page.sign_in.action")}</a>
            </div>
        </Entry>
    }
}

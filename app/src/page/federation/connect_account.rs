//! "You already have an account with this address": whoever comes from a provider with the address of an account proves
//! once that it is theirs, and connects the two themselves. Nothing is ever linked silently.

use auth::view::{Me, PendingConnection, PendingNeed, WayIn};
use auth::{Email, ErrorCode, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use super::expired_text;
use super::ways::Ways;
use crate::error::AppError;
use crate::island::{PostForm, SignedOutHere, refusal_of};
use crate::page::SignOut;
use crate::page::resource::resource;
use crate::server;
use crate::text::{t, t_with};
use crate::ui::{Entry, Notice, Submit, Tone};

/// The address of the page.
pub(in crate::page) const PATH: &str = "/connect-account";
const SIGNED_OUT: &str = "/connect-account?note=signed_out";

/// Connects the account of the provider that this browser came from to that of the signed-in person.
///
/// # Errors
/// Nothing waits in this browser; it is for another account; it is connected to another one; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "connect_pending")]
pub async fn connect_pending() -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let ticket = server::pending_connection_ticket().ok_or(ErrorCode::FederationExpired)?;
    match flow::connect_pending(&auth, &caller, &ticket, &context).await.map_err(AppError::from) {
        Ok(()) => {
            server::forget_pending_connection_cookie();
            server::see_other("/account/connections?note=connected");
            Ok(())
        }
        // The sign-in is older than what waits.
        Err(error) if error.code() == ErrorCode::ReauthenticationRequired => {
            server::see_other("/account/confirm?next=/connect-account");
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Forgets what waits in this browser: nothing is connected.
///
/// # Errors
/// Only a fault on our side.
#[server(prefix = "/rpc", endpoint = "forget_pending_connection")]
pub async fn forget_pending_connection() -> Result<(), AppError> {
    if let Some(ticket) = server::pending_connection_ticket() {
        flow::forget_pending_connection(&server::auth(), &ticket).await?;
    }
    server::forget_pending_connection_cookie();
    server::see_other(if server::caller().is_ok() { "/dashboard" } else { "/sign-in" });
    Ok(())
}

async fn load() -> (Option<PendingConnection>, Option<Me>) {
    let (auth, caller, ticket) = (server::auth(), server::caller().ok(), server::pending_connection_ticket());
    let pending = flow::pending_connection(&auth, ticket.as_ref(), caller.as_ref()).await.ok().flatten();
    let me = match &caller {
        Some(caller) => auth.me(caller).await.ok(),
        None => None,
    };
    (pending, me)
}

/// The page `/connect-account`.
#[component]
pub fn ConnectAccountPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let (pending, me) = loaded.await;
                let Some(PendingConnection { provider, email, needs, .. }) = pending else {
                    return view! { <Expired/> }.into_any();
                };
                let (name, email) = (provider.name, email.unwrap_or_default());
                match (needs, me) {
                    (PendingNeed::Nothing, _) => view! { <Expired/> }.into_any(),
                    (PendingNeed::Address, _) => view! { <AddressFirst name/> }.into_any(),
                    (PendingNeed::Proof { ways, .. }, None) => view! { <SignInOnce name email ways/> }.into_any(),
                    (PendingNeed::Proof { is_proved: true, .. }, Some(me)) => {
                        view! { <Connect name email me/> }.into_any()
                    }
                    (PendingNeed::Proof { .. }, Some(me)) if me.email.as_str() == email => {
                        view! { <ConfirmOnce name email/> }.into_any()
                    }
                    (PendingNeed::Proof { .. }, Some(me)) => view! { <SomebodyElse name email me/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// Nobody is signed in: why, and every way in.
#[component]
fn SignInOnce(name: String, email: String, ways: Vec<WayIn>) -> impl IntoView {
    // The address need not be typed a second time.
    if let Ok(email) = Email::parse(&email) {
        server::keep_email(&email);
    }
    let was_signed_out = use_query_map().get_untracked().get("note").as_deref() == Some("signed_out");
    let has_mail = ways.contains(&WayIn::Mail);
    view! {
        <Entry title=t("page.connect_account.title") lead=t_with("page.connect_account.lead", &[("provider", &name)])>
            {was_signed_out.then(|| view! { <SignedOutHere/> })}
            <p class="address">{email}</p>
            <Ways ways next=PATH/>
            {has_mail.then(|| view! { <p class="hint">{t("page.connect_account.mail_text")}</p> })}
            <Why name/>
            <NotNow/>
        </Entry>
    }
}

/// Why nobody is linked silently, for who wants to know.
#[component]
fn Why(name: String) -> impl IntoView {
    view! {
        <details class="revoke">
            <summary>{t("page.connect_account.why")}</summary>
            <p class="hint">{t_with("page.connect_account.why_text", &[("provider", &name)])}</p>
        </details>
    }
}

/// The right person, who proved themselves just now: one button.
#[component]
fn Connect(name: String, email: String, me: Me) -> impl IntoView {
    let refusal = refusal_of(ConnectPending::PATH);
    let is_refused = refusal.is_some();
    let lead = t_with("page.connect_account.connect_lead", &[("provider", &name)]);
    let facts = [
        (t("page.connect_account.your_account"), me.email.to_string()),
        (t_with("page.connect_account.your_provider", &[("provider", &name)]), email),
    ];
    let rows = facts.map(|(term, fact)| view! { <div><dt>{term}</dt><dd>{fact}</dd></div> });
    view! {
        <Entry title=t("page.connect_account.connect_title") lead refused=is_refused>
            <dl class="facts">{rows.collect_view()}</dl>
            <PostForm action=ConnectPending::PATH refusal>
                <Submit label=t_with("page.connections.connect", &[("provider", &name)])/>
            </PostForm>
            <NotNow/>
        </Entry>
    }
}

/// The right person, whose last proof is older than what waits.
#[component]
fn ConfirmOnce(name: String, email: String) -> impl IntoView {
    view! {
        <Entry title=t("page.connect_account.title") lead=t_with("page.connect_account.confirm_lead", &[("provider", &name)])>
            <p class="address">{email}</p>
            <a class="button button-primary button-wide" href="/account/confirm?next=/connect-account">
                {t("page.connect_account.confirm")}
            </a>
            <NotNow/>
        </Entry>
    }
}

/// Another person is signed in here.
#[component]
fn SomebodyElse(name: String, email: String, me: Me) -> impl IntoView {
    let own = me.email.to_string();
    let values = [("provider", &*name), ("email", &*email), ("own", &*own)];
    let text = t_with("page.connect_account.somebody_else", &values);
    view! {
        <Entry title=t("page.connect_account.title")>
            <Notice tone=Tone::Info text/>
            <PostForm action=SignOut::PATH>
                <input type="hidden" name="next" value=SIGNED_OUT/>
                <Submit label=t("page.connect_account.sign_out")/>
            </PostForm>
            <NotNow/>
        </Entry>
    }
}

/// No account has the address: it is another page that goes on.
#[component]
fn AddressFirst(name: String) -> impl IntoView {
    view! {
        <Entry title=t("page.finish_sign_up.title") lead=t_with("page.finish_sign_up.lead", &[("provider", &name)])>
            <a class="button button-primary button-wide" href="/finish-sign-up">{t("page.connect_account.go_on")}</a>
        </Entry>
    }
}

/// Nothing is connected, and what waits is forgotten.
#[component]
pub(super) fn NotNow() -> impl IntoView {
    view! {
        <PostForm action=ForgetPendingConnection::PATH>
            <button type="submit" class="button button-secondary button-wide">{t("page.connect_account.not_now")}</button>
        </PostForm>
    }
}

/// It was used, or is too old.
#[component]
pub(super) fn Expired() -> impl IntoView {
    server::set_status(ErrorCode::FederationExpired);
    view! {
        <Entry title=t("page.federation.expired_title") refused=true>
            <Notice tone=Tone::Danger text=expired_text()/>
            <div class="actions">
                <a class="button button-primary" href="/sign-in">{t("page.sign_in.action")}</a>
                <a class="button button-secondary" href="/sign-up">{t("page.sign_up.action")}</a>
            </div>
        </Entry>
    }
}

//! "What just happened?": the sign-in of the session at hand, taken apart. In development for everybody,
//! elsewhere for administrators who switched it on; for all others there is no such page.

use auth::flow::{self, Explanation, SignInExplained};
use auth::view::Me;
use auth::{Auth, ErrorCode, Role};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use self::cookie::CookieCard;
use self::exchange::{ExchangeCard, MessagesCard};
use self::token::TokenCard;
use super::NotFound;
use crate::error::AppError;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Notice, Shell, Tone, provide_zone};

mod cookie;
mod drawing;
mod exchange;
mod token;

/// The address of the page.
const PATH: &str = "/what-just-happened";

/// Switches the explanation of the signed-in administrator's sign-ins on or off.
///
/// # Errors
/// Whoever asks is no administrator; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "explain_sign_ins")]
pub async fn explain_sign_ins(#[server(default)] on: bool) -> Result<(), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    flow::switch_explanations(&auth, &caller, on).await?;
    server::see_other(PATH);
    Ok(())
}

async fn load() -> Result<(Me, Explanation), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let explanation = flow::explain_sign_in(&auth, &caller).await?;
    Ok((auth.me(&caller).await?, explanation))
}

/// The way to the page, for who may see it.
pub(super) fn link_for(auth: &Auth, me: &Me) -> Option<AnyView> {
    (auth.explains_to_everybody() || me.role == Role::PlatformAdmin)
        .then(|| view! { <p><a class="quiet-link" href=PATH>{t("page.what_just_happened.link")}</a></p> }.into_any())
}

/// The page `/what-just-happened`.
#[component]
pub fn WhatJustHappenedPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, Explanation::On(explained))) => view! { <Explained me explained/> }.into_any(),
                    Ok((me, Explanation::SwitchedOff)) => view! { <SwitchedOff me/> }.into_any(),
                    Err(error) if error.code() == ErrorCode::NotFound => view! { <NotFound/> }.into_any(),
                    Err(_) => view! { <Notice tone=Tone::Info text=t("error.signed_out")/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Explained(me: Me, explained: Box<SignInExplained>) -> impl IntoView {
    provide_zone(&me);
    let SignInExplained { exchange, token, has_switch } = *explained;
    let is_of_sign_in = exchange.as_ref().is_some_and(|exchange| exchange.token().is_some());
    let cookie = exchange.as_ref().and_then(|exchange| cookie::sent(&exchange.answer));
    let exchange = match exchange {
        Some(exchange) => view! {
            <ExchangeCard exchange=exchange.clone()/>
            <MessagesCard exchange/>
        }
        .into_any(),
        None => view! { <Notice tone=Tone::Info text=t("page.what_just_happened.gone")/> }.into_any(),
    };
    view! {
        <Shell
            current=Area::Dashboard title=t("page.what_just_happened.title")
            purpose=t("page.what_just_happened.purpose") me
        >
            {exchange}
            <TokenCard token is_of_sign_in/>
            <CookieCard cookie/>
            {has_switch.then(|| view! { <Switch turn_on=false text=t("page.what_just_happened.switch_off_text")/> })}
        </Shell>
    }
}

/// The page of an administrator who has not switched it on.
#[component]
fn SwitchedOff(me: Me) -> impl IntoView {
    view! {
        <Shell
            current=Area::Dashboard title=t("page.what_just_happened.title")
            purpose=t("page.what_just_happened.purpose") me
        >
            <Switch turn_on=true text=t("page.what_just_happened.switch_text")/>
        </Shell>
    }
}

/// The switch, and where it would go.
#[component]
fn Switch(turn_on: bool, text: String) -> impl IntoView {
    let label = if turn_on { t("page.what_just_happened.switch_on") } else { t("page.what_just_happened.switch_off") };
    view! {
        <section class="card">
            <h2>{t("page.what_just_happened.switch_title")}</h2>
            <p>{text}</p>
            <form method="post" action=ExplainSignIns::PATH class="actions">
                <input type="hidden" name="on" value=turn_on.to_string()/>
                <button type="submit" class="button button-secondary">{label}</button>
            </form>
        </section>
    }
}

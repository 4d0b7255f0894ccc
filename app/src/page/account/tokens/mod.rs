//! Personal access tokens: for programs that act for one. They are made here, shown once, and revoked here.
//!
//! A token is shown by the page that the form leads to. It travels there in a cookie, sealed for this
//! session, that the page takes away: a reload makes no second token and shows none.

use auth::id::TokenId;
use auth::view::{Me, TokenItem};
use auth::{Cursor, ErrorCode, Page, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use secrecy::{ExposeSecret, SecretString};

use super::wanted_act::{WantedAct, wanted_token};
use super::{Listed, NoList, after, query, refused};
use crate::error::AppError;
use crate::island::{CopyButton, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Notice, Shell, Tone, provide_zone};
use form::NewToken;
use list::{Empty, List};

mod form;
mod list;

pub(super) const PATH: &str = "/account/tokens";
/// The element that shows a token, for the button that copies it.
const MADE_ID: &str = "made-token";

/// Makes a token for the signed-in person.
///
/// # Errors
/// A name, scopes or an end that cannot be accepted; too many tokens; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "create_token")]
pub async fn create_token(
    #[server(default)] name: String,
    #[server(default)] scopes: Vec<String>,
    #[server(default)] expires_in_days: String,
) -> Result<(), AppError> {
    server::caller()?;
    // What cannot be a token is said before anybody is asked for a password.
    let outcome = match wanted_token(&name, &scopes, &expires_in_days) {
        Ok(_) => {
            let act = WantedAct::CreateToken {
                name: name.clone(),
                scopes: scopes.clone(),
                expires_in_days: expires_in_days.clone(),
            };
            act.perform_or_ask().await
        }
        Err(refusal) => Err(refusal),
    };
    // Only then: the next person at this machine need not read what a token is called.
    if outcome.is_err() {
        server::keep_typed("", &name);
        form::keep_choices(&scopes, &expires_in_days);
    }
    outcome
}

/// Revokes one token of the signed-in person.
///
/// # Errors
/// It is none of theirs; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "revoke_token")]
pub async fn revoke_token(#[server(default)] id: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::revoke_token(&auth, &caller, &TokenId(id), &context).await?;
    server::see_other("/account/tokens?note=revoked");
    Ok(())
}

/// Revokes every token of the signed-in person.
///
/// # Errors
/// Nobody is signed in.
#[server(prefix = "/rpc", endpoint = "revoke_all_tokens")]
pub async fn revoke_all_tokens() -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::revoke_all_tokens(&auth, &caller, &context).await?;
    server::see_other("/account/tokens?note=all_revoked");
    Ok(())
}

async fn load(after: Option<Cursor>) -> Result<Listed<TokenItem>, AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let me = auth.me(&caller).await?;
    let list = flow::list_tokens(&auth, &caller, after).await;
    Ok((me, list.map_err(AppError::from)))
}

/// The page `/account/tokens`.
#[component]
pub fn TokensPage() -> impl IntoView {
    let after = after();
    let loaded = resource(move || after.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, list)) => view! { <Tokens me list/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Tokens(me: Me, list: Result<Page<TokenItem>, AppError>) -> impl IntoView {
    provide_zone(&me);
    let create = refusal_of(CreateToken::PATH);
    let revoke = refusal_of(RevokeToken::PATH).or_else(|| refusal_of(RevokeAllTokens::PATH));
    let is_refused = create.is_some() || revoke.is_some() || list.is_err();
    let note = match revoke {
        Some(refusal) => Some((Tone::Danger, refusal_text(&refusal))),
        None => note_text(&query("note")).filter(|_| !is_refused).map(|text| (Tone::Ok, text)),
    };
    let list = match list {
        Ok(page) if page.items.is_empty() && after().is_none() => view! { <Empty/> }.into_any(),
        Ok(page) => view! { <List page/> }.into_any(),
        Err(error) => view! { <NoList error list=PATH/> }.into_any(),
    };
    view! {
        <Shell
            current=Area::Tokens title=t("page.tokens.nav") purpose=t("page.tokens.purpose") me
            refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            {take_made().map(|token| view! { <Made token/> })}
            {list}
            <NewToken refusal=create/>
        </Shell>
    }
}

/// The token that was made a moment ago, once: the cookie that carries it goes with this answer.
fn take_made() -> Option<SecretString> {
    let sealed = server::take_cookie(server::MADE_TOKEN_COOKIE)?;
    flow::open_shown_once(&server::auth(), &server::caller().ok()?, &sealed)
}

/// The token, to be copied now or never. Not given to the island: what is given travels twice.
#[component]
fn Made(token: SecretString) -> impl IntoView {
    view! {
        <Notice tone=Tone::Ok text=t("page.tokens.made")>
            <p class="made-token">
                <code class="code" id=MADE_ID>{token.expose_secret().to_owned()}</code>
                <CopyButton
                    of=MADE_ID label=t("page.tokens.copy") copied=t("page.tokens.copied")
                    failed=t("page.tokens.copy_failed")
                />
            </p>
        </Notice>
    }
}

fn refusal_text(refusal: &AppError) -> String {
    match refusal.code() {
        ErrorCode::NotFound => t("page.tokens.not_found"),
        code => t(&format!("error.{}", code.as_str())),
    }
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "revoked" => Some(t("page.tokens.revoked")),
        "all_revoked" => Some(t("page.tokens.all_revoked")),
        _ => None,
    }
}

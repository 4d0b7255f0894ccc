//! Passkeys: what they are, which ones there are, and adding, naming and removing them.
//!
//! Adding one asks the browser, so it needs a script; all else is plain forms. Adding and removing ask for a fresh
//! proof. Where it is missing, the button leads to it and back here, where one more press starts the prompt.

use auth::form::{PasskeyForm, PasskeyNameForm};
use auth::id::PasskeyId;
use auth::view::{Me, PasskeyList};
use auth::{ErrorCode, flow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use serde_json::json;

use super::other_devices::offer_to_end_others;
use super::wanted_act::WantedAct;
use super::{query, refused};
use crate::error::AppError;
use crate::island::{PasskeyCreate, PasskeySignals, PostForm, refusal_of};
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Area, Notice, Shell, Tone, provide_zone};
use list::{Empty, List};

mod list;

pub(in crate::page) const PATH: &str = "/account/passkeys";
/// The form that leads to a fresh proof when one is missing.
const CONFIRM_FORM: &str = "prepare-passkey";

/// Makes sure of the person before a passkey is made, and leads back to the page.
///
/// # Errors
/// Nobody is signed in.
#[server(prefix = "/rpc", endpoint = "prepare_passkey")]
pub async fn prepare_passkey() -> Result<(), AppError> {
    server::caller()?;
    WantedAct::AddPasskey.perform_or_ask().await
}

/// Adds the passkey that the browser made. Without a name it is called after its maker.
///
/// # Errors
/// The answer is not accepted, or the passkey is known; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "add_passkey")]
pub async fn add_passkey(
    #[server(default)] ceremony: String,
    #[server(default)] credential: String,
    #[server(default)] name: String,
) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let name = Some(name).filter(|name| !name.trim().is_empty());
    let credential = server::passkey_credential(&credential);
    let (answer, name) = PasskeyForm { ceremony: ceremony.into(), credential, name }.parse()?;
    match flow::add_passkey(&auth, &caller, &answer, name, &context).await.map_err(AppError::from) {
        Ok(added) => {
            if let Some(codes) = added.recovery_codes {
                server::show_recovery_codes(&codes);
                server::see_other("/account/recovery-codes");
            } else {
                server::see_other("/account/passkeys?note=added");
            }
            Ok(())
        }
        // The prompt took longer than the proof is fresh: this answer is lost.
        Err(error) if error.code() == ErrorCode::ReauthenticationRequired => {
            WantedAct::AddPasskey.perform_or_ask().await
        }
        Err(error) => Err(error),
    }
}

/// Gives a passkey of the signed-in person another name.
///
/// # Errors
/// A name that cannot be one; it is none of theirs; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "rename_passkey")]
pub async fn rename_passkey(#[server(default)] id: String, #[server(default)] name: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    flow::rename_passkey(&auth, &caller, &PasskeyId(id), &PasskeyNameForm { name }.parse()?, &context).await?;
    server::see_other("/account/passkeys?note=renamed");
    Ok(())
}

/// Removes a passkey of the signed-in person.
///
/// # Errors
/// It is none of theirs, or the last way in; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "remove_passkey")]
pub async fn remove_passkey(#[server(default)] id: String) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::RemovePasskey { id }.perform_or_ask().await
}

async fn load() -> Result<(Me, PasskeyList), AppError> {
    let (auth, caller) = (server::auth(), server::caller()?);
    let me = auth.me(&caller).await?;
    Ok((me, flow::list_passkeys(&auth, &caller).await?))
}

/// What the keeper of passkeys is told: which of them are still good, and how their person is called by now.
fn signals(me: &Me, list: &PasskeyList) -> Vec<(String, String)> {
    let Some(rp_id) = &list.rp_id else { return Vec::new() };
    let ids: Vec<&str> = list.passkeys.iter().map(|passkey| passkey.credential_id.as_str()).collect();
    let accepted = json!({"rpId": rp_id, "userId": list.user_id, "allAcceptedCredentialIds": ids});
    let (email, name) = (me.email.as_str(), me.name.as_str());
    let details = json!({"rpId": rp_id, "userId": list.user_id, "name": email, "displayName": name});
    vec![
        ("signalAllAcceptedCredentials".to_owned(), accepted.to_string()),
        ("signalCurrentUserDetails".to_owned(), details.to_string()),
    ]
}

/// The page `/account/passkeys`.
#[component]
pub fn PasskeysPage() -> impl IntoView {
    let loaded = resource(|| (), |()| load());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, list)) => view! { <Passkeys me list/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Passkeys(me: Me, list: PasskeyList) -> impl IntoView {
    provide_zone(&me);
    let signals = signals(&me, &list);
    let is_possible = list.rp_id.is_some();
    let refusal = refusal_of(RenamePasskey::PATH)
        .or_else(|| refusal_of(RemovePasskey::PATH))
        .or_else(|| refusal_of(PreparePasskey::PATH));
    let add = refusal_of(AddPasskey::PATH);
    let is_refused = refusal.is_some() || add.is_some();
    let note = match refusal {
        Some(refusal) => Some((Tone::Danger, refusal_text(&refusal))),
        None => note_text().filter(|_| !is_refused),
    };
    let list = if list.passkeys.is_empty() {
        view! { <Empty/> }.into_any()
    } else {
        view! { <List passkeys=list.passkeys/> }.into_any()
    };
    view! {
        <Shell
            current=Area::Security title=t("page.passkeys.title") purpose=t("page.passkeys.purpose") me
            refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            {offer_to_end_others(&["added", "removed"], is_refused)}
            {list}
            <AddOne is_possible refusal=add/>
            <p class="hint"><a href="/account/security">{t("page.passkeys.back")}</a></p>
            <PasskeySignals signals/>
        </Shell>
    }
}

/// The button that adds one, and what it changes.
#[component]
fn AddOne(is_possible: bool, refusal: Option<AppError>) -> impl IntoView {
    if !is_possible {
        return view! { <Notice tone=Tone::Info text=t("page.passkeys.impossible")/> }.into_any();
    }
    view! {
        <section class="card">
            <h2>{t("page.passkeys.add_title")}</h2>
            <p class="muted">{t("page.passkeys.add_text")}</p>
            <PostForm action=AddPasskey::PATH refusal class="form account-form">
                <PasskeyCreate confirm_form=CONFIRM_FORM/>
            </PostForm>
            <p class="notice notice-info without-script">{t("page.passkeys.no_script")}</p>
            <form method="post" action=PreparePasskey::PATH id=CONFIRM_FORM hidden></form>
        </section>
    }
    .into_any()
}

fn refusal_text(refusal: &AppError) -> String {
    match refusal.code() {
        ErrorCode::NotFound => t("page.passkeys.not_found"),
        ErrorCode::InvalidFields => t("page.passkeys.bad_name"),
        code => t(&format!("error.{}", code.as_str())),
    }
}

fn note_text() -> Option<(Tone, String)> {
    if query("add") == "1" {
        return Some((Tone::Info, t("page.passkeys.confirmed")));
    }
    match &*query("note") {
        "added" => Some((Tone::Ok, t("page.passkeys.added"))),
        "renamed" => Some((Tone::Ok, t("page.passkeys.renamed"))),
        "removed" => Some((Tone::Ok, t("page.passkeys.removed"))),
        _ => None,
    }
}

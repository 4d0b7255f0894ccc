//! What the forms of webhooks do. `organization` is the slug of the organization, and empty for the platform.

use auth::ErrorCode;
use auth::flow::{self, WebhookOwner};
use auth::form::{NewWebhookForm, WebhookChangeForm};
use leptos::prelude::*;
use secrecy::SecretString;

use super::{WantedAct, list_path};
use crate::error::AppError;
use crate::server;

async fn owner_of(organization: &str) -> Result<WebhookOwner, AppError> {
    if organization.is_empty() {
        return Ok(WebhookOwner::Platform);
    }
    let id = flow::organization_of_slug(&server::auth(), &server::caller()?, organization).await?;
    Ok(WebhookOwner::Organization(id))
}

/// Leads to the page of a webhook, which shows this secret once.
fn show_secret(organization: &str, webhook: &str, secret: &SecretString) -> Result<(), AppError> {
    let sealed = flow::seal_shown_once(&server::auth(), &server::caller()?, secret);
    server::set_cookie(server::MADE_WEBHOOK_COOKIE, &sealed, flow::SHOWN_ONCE_SECONDS);
    server::see_other(&format!("{}/{webhook}", list_path(organization)));
    Ok(())
}

/// Leads to the page of a webhook, which says what was done.
fn done(organization: &str, webhook: &str, note: &str) {
    server::see_other(&format!("{}/{webhook}?note={note}", list_path(organization)));
}

/// Keeps what was typed and chosen for the page that a refused form leads to.
fn keep(url: &str, kinds: &[String]) {
    server::keep_typed("", url);
    server::keep_chosen(&kinds.iter().map(String::as_str).collect::<Vec<_>>());
}

/// Makes a webhook, for a person who was proved.
pub(in crate::page) async fn make(organization: &str, url: &str, kinds: &[String]) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let owner = owner_of(organization).await?;
    let form = NewWebhookForm { url: url.to_owned(), kinds: kinds.to_vec() };
    let made = flow::create_webhook(&auth, &caller, &owner, &form, &context).await?;
    show_secret(organization, made.item.id.as_str(), &made.secret)
}

/// Changes the address and the kinds of a webhook, for a person who was proved.
pub(in crate::page) async fn change(
    organization: &str,
    webhook: &str,
    url: &str,
    kinds: &[String],
) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let owner = owner_of(organization).await?;
    let form = WebhookChangeForm { url: Some(url.to_owned()), kinds: Some(kinds.to_vec()), enabled: None };
    flow::change_webhook(&auth, &caller, &owner, webhook, &form, &context).await?;
    done(organization, webhook, "changed");
    Ok(())
}

/// Gives a webhook another secret, for a person who was proved.
pub(in crate::page) async fn rotate(organization: &str, webhook: &str) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let owner = owner_of(organization).await?;
    let rotated = flow::rotate_webhook_secret(&auth, &caller, &owner, webhook, &context).await?;
    show_secret(organization, webhook, &rotated.secret)
}

/// Makes a webhook, once the person was proved.
///
/// # Errors
/// An address or kinds that cannot be accepted; there are 20; who is may not; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "create_webhook")]
pub async fn create_webhook(
    #[server(default)] organization: String,
    #[server(default)] url: String,
    #[server(default)] kinds: Vec<String>,
) -> Result<(), AppError> {
    server::caller()?;
    let act = WantedAct::CreateWebhook { organization, url: url.clone(), kinds: kinds.clone() };
    let outcome = act.perform_or_ask().await;
    if outcome.is_err() {
        keep(&url, &kinds);
    }
    outcome
}

/// Changes the address and the kinds of a webhook, once the person was proved where the address is another one.
///
/// # Errors
/// An address or kinds that cannot be accepted; there is none; who is may not; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "change_webhook")]
pub async fn change_webhook(
    #[server(default)] organization: String,
    #[server(default)] webhook: String,
    #[server(default)] url: String,
    #[server(default)] kinds: Vec<String>,
) -> Result<(), AppError> {
    server::caller()?;
    let act = WantedAct::ChangeWebhook { organization, webhook, url: url.clone(), kinds: kinds.clone() };
    let outcome = act.perform_or_ask().await;
    if outcome.is_err() {
        keep(&url, &kinds);
    }
    outcome
}

/// Switches a webhook on or off.
///
/// # Errors
/// There is none; who is may not; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "switch_webhook")]
pub async fn switch_webhook(
    #[server(default)] organization: String,
    #[server(default)] webhook: String,
    #[server(default)] state: String,
) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let owner = owner_of(&organization).await?;
    let (enabled, note) = match state.as_str() {
        "on" => (true, "on"),
        "off" => (false, "off"),
        _ => {
            // Who may not learns nothing, not even that.
            flow::show_webhook(&auth, &caller, &owner, &webhook, &context).await?;
            return Err(ErrorCode::MalformedRequest.into());
        }
    };
    let form = WebhookChangeForm { enabled: Some(enabled), ..WebhookChangeForm::default() };
    flow::change_webhook(&auth, &caller, &owner, &webhook, &form, &context).await?;
    done(&organization, &webhook, note);
    Ok(())
}

/// Gives a webhook another secret, once the person was proved.
///
/// # Errors
/// There is none; who is may not; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "rotate_webhook_secret")]
pub async fn rotate_webhook_secret(
    #[server(default)] organization: String,
    #[server(default)] webhook: String,
) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::RotateWebhookSecret { organization, webhook }.perform_or_ask().await
}

/// Removes a webhook.
///
/// # Errors
/// There is none; who is may not; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "remove_webhook")]
pub async fn remove_webhook(
    #[server(default)] organization: String,
    #[server(default)] webhook: String,
) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let owner = owner_of(&organization).await?;
    flow::remove_webhook(&auth, &caller, &owner, &webhook, &context).await?;
    server::see_other(&format!("{}?note=removed", list_path(&organization)));
    Ok(())
}

/// Tells a webhook that it is tested.
///
/// # Errors
/// It is off; there were ten tests within a minute; there is none; who is may not; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "test_webhook")]
pub async fn test_webhook(
    #[server(default)] organization: String,
    #[server(default)] webhook: String,
) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let owner = owner_of(&organization).await?;
    flow::test_webhook(&auth, &caller, &owner, &webhook, &context).await?;
    done(&organization, &webhook, "tested");
    Ok(())
}

/// Tells a webhook once more what it was told.
///
/// # Errors
/// It waits anyway; the webhook is off; there is none; who is may not; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "replay_webhook_delivery")]
pub async fn replay_webhook_delivery(
    #[server(default)] organization: String,
    #[server(default)] webhook: String,
    #[server(default)] delivery: String,
) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let owner = owner_of(&organization).await?;
    flow::replay_delivery(&auth, &caller, &owner, (&webhook, &delivery), &context).await?;
    done(&organization, &webhook, "replayed");
    Ok(())
}

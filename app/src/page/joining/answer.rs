//! The answers to an invitation: keeping it for after the sign-in, accepting, declining.

use auth::form::{AcceptInvitationForm, InvitationProof, LinkForm};
use auth::{ErrorCode, Field as Name, flow};
use leptos::prelude::*;
use secrecy::SecretString;

use super::kept::INVITATION;
use crate::error::AppError;
use crate::server;
use crate::session::sign_in_path;

/// The button that leads to a new account.
pub(super) const SIGN_UP: &str = "sign_up";

/// Keeps the invitation in this browser and leads to the sign-in, or the sign-up.
///
/// # Errors
/// The link is worth nothing any more.
#[server(prefix = "/rpc", endpoint = "keep_invitation")]
pub async fn keep_invitation(#[server(default)] token: String, #[server(default)] way: String) -> Result<(), AppError> {
    let token = token_or_kept(token)?;
    let shown = flow::show_invitation(&server::auth(), None, &token).await?;
    server::keep_invitation(&token);
    // The address need not be typed.
    server::keep_email(&shown.email);
    let path = if way == SIGN_UP { format!("/sign-up?next={INVITATION}") } else { sign_in_path(INVITATION) };
    server::see_other(&path);
    Ok(())
}

/// Accepts the invitation of a link.
///
/// # Errors
/// It is worth nothing any more, or was made for another address; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "accept_invitation")]
pub async fn accept_invitation(#[server(default)] token: String) -> Result<(), AppError> {
    server::caller()?;
    accept(InvitationProof::Link(token_or_kept(token)?)).await
}

/// Accepts the invitation of a typed code.
///
/// # Errors
/// A wrong code, or too many; no invitation of this address waits; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "accept_invitation_code")]
pub async fn accept_invitation_code(#[server(default)] code: String) -> Result<(), AppError> {
    server::caller()?;
    let form = AcceptInvitationForm { token: SecretString::from(""), organization: String::new(), code };
    match form.parse() {
        Ok(proof) => accept(proof).await.map_err(|error| match error.code() {
            // No invitation of this address waits: whoever typed a code hears of the code, not of a link.
            ErrorCode::LinkExpired => ErrorCode::WrongCode.into(),
            _ => error,
        }),
        // Nothing was typed.
        Err(refusal) if refusal.issue(Name::Token).is_some() => {
            let issue = refusal.fields.first().map(|(_, issue)| (Name::Code, *issue));
            Err(auth::Refusal::invalid(issue.into_iter().collect()).into())
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn accept(proof: InvitationProof) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let joined = flow::accept_invitation(&auth, &caller, &proof, &context).await?;
    server::forget_invitation();
    server::see_other(&format!("/orgs/{}", joined.slug));
    Ok(())
}

/// Declines the invitation of a link, signed in or not.
///
/// # Errors
/// The link is worth nothing any more.
#[server(prefix = "/rpc", endpoint = "decline_invitation")]
pub async fn decline_invitation(#[server(default)] token: String) -> Result<(), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller().ok(), server::context());
    let token = token_or_kept(token)?;
    flow::decline_invitation(&auth, caller.as_ref(), &token, &context).await?;
    server::forget_invitation();
    server::see_other("/invitation?note=declined");
    Ok(())
}

/// The token of a form, else the one that this browser keeps.
fn token_or_kept(token: String) -> Result<SecretString, AppError> {
    match server::kept_invitation() {
        Some(kept) if token.is_empty() => Ok(kept),
        _ => Ok(LinkForm { token: token.into() }.parse()?),
    }
}

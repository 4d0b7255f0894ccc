//! Signing out, from the button of every application page.

use leptos::prelude::*;

use crate::error::AppError;

/// Ends the session of the refresh cookie and removes the cookie; leads to `next` when that is a path of ours, else to
/// the sign-in.
///
/// # Errors
/// Only a fault on our side.
#[server(prefix = "/rpc", endpoint = "sign_out")]
pub async fn sign_out(#[server(default)] next: String) -> Result<(), AppError> {
    use crate::server;

    let (auth, context) = (server::auth(), server::context());
    if let Some(token) = server::cookie(server::REFRESH_COOKIE) {
        auth::flow::sign_out(&auth, &token, &context).await?;
    }
    server::clear_cookie(server::REFRESH_COOKIE);
    server::clear_cookie(server::SECOND_FACTOR_COOKIE);
    let next = auth::LocalPath::parse(&next).map(|next| next.as_str().to_owned());
    server::see_other(next.as_deref().unwrap_or("/sign-in?note=signed_out"));
    Ok(())
}

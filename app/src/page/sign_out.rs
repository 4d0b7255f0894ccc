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
    // Whoever signs out in another's place is signed out of their own account as well.
    for name in [server::REFRESH_COOKIE, server::OWN_SESSION_COOKIE] {
        if let Some(token) = server::cookie(name) {
            auth::flow::sign_out(&auth, &token, &context).await?;
        }
        server::clear_cookie(name);
    }
    server::clear_cookie(server::SECOND_FACTOR_COOKIE);
    let next = auth::LocalPath::parse(&next).map(|next| next.as_str().to_owned());
    server::see_other(next.as_deref().unwrap_or("/sign-in?note=signed_out"));
    Ok(())
}

//! Who is signed in, as the server knows it.

use auth::view::Me;
use leptos::prelude::*;

use super::BearerClient;
use crate::error::AppError;

/// The signed-in person.
///
/// # Errors
/// Nobody is signed in, or the access token is not accepted.
#[server(prefix = "/rpc", endpoint = "me", client = BearerClient)]
pub async fn load_me() -> Result<Me, AppError> {
    use crate::server;

    let (auth, caller) = (server::auth(), server::caller()?);
    Ok(auth.me(&caller).await?)
}

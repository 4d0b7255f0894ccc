//! The switcher's form: in which organization the session works.

use auth::flow;
use leptos::prelude::*;

use super::target::Target;
use crate::error::AppError;
use crate::server;

/// Lets the session work in an organization, or in none.
///
/// # Errors
/// They are in none that is called so; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "choose_organization")]
pub async fn choose_organization(#[server(default)] organization: String) -> Result<(), AppError> {
    if organization.is_empty() {
        let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
        flow::choose_organization(&auth, &caller, None, &context).await?;
        server::see_other("/dashboard");
        return Ok(());
    }
    let target = Target::of(&organization).await?;
    flow::choose_organization(&target.auth, &target.caller, Some(&target.id), &target.context).await?;
    server::see_other(&target.page(""));
    Ok(())
}

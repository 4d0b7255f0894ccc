//! Providers to sign in with, and connections, over REST. A native app begins and ends a way here, and the browser goes
//! it in between (RFC 8252).

use serde::Serialize;
use utoipa::ToSchema;

pub mod connect;
pub mod disconnect;
pub mod finish_provider;
pub mod list_connections;
pub mod list_providers;
pub mod provider_sign_up;
pub mod start_provider;

/// What somebody goes on with who is not let in yet. No `Debug`: it is a secret.
#[derive(Serialize, ToSchema)]
pub struct PendingTicket {
    /// For one hour and one use.
    ticket: String,
}

//! Creating an account with a provider that proved no address.
//!
//! It is a sign-up like any other: the same answer after the same work for known and unknown addresses, and nothing
//! exists until the address is proved by mail. Then the account is made with the connection and without a password. A
//! known address is told by mail that it has an account, and how to connect that; nothing is connected this way.

use secrecy::{ExposeSecret, SecretString};

use super::pending_connection::Waiting;
use super::sign_up::{Credential, FromProvider, SignUpTicket, store_sign_up};
use crate::form::FederatedSignUp;
use crate::{Auth, Context, ErrorCode, NewPassword, Result};

/// Stores the sign-up, uses the ticket up and promises the mail.
///
/// # Errors
/// [`ErrorCode::FederationExpired`] for a ticket that is used, over, invented, or of somebody whose account must prove
/// itself instead; [`ErrorCode::ConnectionTaken`] when an account has this connection by now; [`ErrorCode::TooManyAttempts`];
/// [`ErrorCode::Busy`] when too many hash at once.
pub async fn federated_sign_up(
    auth: &Auth,
    ticket: &SecretString,
    sign_up: FederatedSignUp,
    context: &Context,
) -> Result<SignUpTicket> {
    let Waiting { digest, row, identity } = Waiting::of(auth, ticket).await?;
    if row.user_id.is_some() {
        return Err(ErrorCode::FederationExpired.into());
    }
    if auth.store.connection_owner(&identity).await?.is_some() {
        return Err(ErrorCode::ConnectionTaken.into());
    }
    auth.limits.sign_up(&context.address).await?;
    let nobodys = NewPassword::in_use(auth.random.token().expose_secret());
    let password_hash = auth.hashes.hash(&nobodys, &*auth.random).await?;
    let provider = FromProvider { identity: &identity, pending: &digest };
    let credential = Credential { password_hash: &password_hash, passkey: None, provider: Some(provider) };
    store_sign_up(auth, sign_up.email, &sign_up.name, credential, context).await
}

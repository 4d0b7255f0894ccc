//! A client that connects to where the guard allows, follows nobody elsewhere and asks no proxy.

use anyhow::Context as _;
use reqwest::Client;
use reqwest::redirect::Policy;
use std::time::Duration;

use super::GuardedNames;

/// Prepares a client; it connects at its first question. `timeout` is for the whole answer. An address that is no name
/// is resolved by nobody: let [`super::Guard::check`] judge each before it is asked.
///
/// # Errors
/// When the system has no certificate authorities.
pub(crate) fn client(names: GuardedNames, connect_timeout: Duration, timeout: Duration) -> anyhow::Result<Client> {
    Client::builder()
        .user_agent("Keywright")
        .redirect(Policy::none())
        .no_proxy()
        .dns_resolver(names)
        .connect_timeout(connect_timeout)
        .timeout(timeout)
        .build()
        .context("a client for addresses elsewhere")
}

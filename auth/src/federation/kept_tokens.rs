//! Tokens of a provider that are kept for the product, where a setting asks for it: sealed, each for its own row.

use secrecy::{ExposeSecret as _, SecretString};

use super::ProviderTokens;
use crate::id::ConnectionId;
use crate::store::{SealedTokens, Transaction};
use crate::{Auth, Result, Timestamp};

/// Seconds before the end of an access token at which another one is asked for; of a short one, half of its life.
const EARLY: i64 = 5 * 60;
/// No provider is asked more often, whatever it says of the life of its tokens.
const SHORTEST: i64 = 60;
/// Longest life that is believed.
const YEAR: i64 = 366 * 24 * 60 * 60;

/// Keeps the tokens of a connection as part of a transaction. A provider that gives no new refresh token, as Google
/// after the first time, means the one of before.
///
/// # Errors
/// Only when the database fails.
pub(crate) async fn keep_tokens(
    auth: &Auth,
    tx: &mut Transaction,
    connection: &ConnectionId,
    tokens: &ProviderTokens,
    now: Timestamp,
) -> Result<()> {
    Ok(tx.put_provider_tokens(connection, &seal_tokens(auth, connection, tokens, now)).await?)
}

/// The tokens as they rest.
pub(crate) fn seal_tokens(
    auth: &Auth,
    connection: &ConnectionId,
    tokens: &ProviderTokens,
    now: Timestamp,
) -> SealedTokens {
    let seal = |column: &str, token: &SecretString| {
        auth.sealer.seal(&*auth.random, &place(column, connection), token.expose_secret().as_bytes())
    };
    let life = tokens.expires_in.map(|seconds| seconds.clamp(0, YEAR));
    SealedTokens {
        access_sealed: seal("access_sealed", &tokens.access),
        refresh_sealed: tokens.refresh.as_ref().map(|token| seal("refresh_sealed", token)).unwrap_or_default(),
        scope: tokens.scope.clone(),
        expires_at: life.map(|seconds| now.plus_seconds(seconds)),
        refresh_at: life.map(|seconds| now.plus_seconds(seconds_until_refresh(seconds))),
    }
}

/// The access token as it was.
pub(crate) fn open_access(auth: &Auth, connection: &ConnectionId, sealed: &str) -> anyhow::Result<SecretString> {
    open(auth, "access_sealed", connection, sealed)
}

/// The refresh token as it was.
pub(crate) fn open_refresh(auth: &Auth, connection: &ConnectionId, sealed: &str) -> anyhow::Result<SecretString> {
    open(auth, "refresh_sealed", connection, sealed)
}

fn open(auth: &Auth, column: &str, connection: &ConnectionId, sealed: &str) -> anyhow::Result<SecretString> {
    let plain = auth.sealer.open(&place(column, connection), sealed)?;
    Ok(SecretString::from(std::str::from_utf8(&plain)?))
}

fn place(column: &str, connection: &ConnectionId) -> String {
    format!("provider_tokens.{column}.{}", connection.as_str())
}

fn seconds_until_refresh(life: i64) -> i64 {
    (life - EARLY).max(life / 2).max(SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::seconds_until_refresh;

    #[test]
    fn another_token_is_asked_for_some_minutes_before_the_end_and_of_a_short_one_at_half_of_its_life() {
        assert_eq!([3600, 600, 200, 60, 0].map(seconds_until_refresh), [3300, 300, 100, 60, 60]);
    }
}

//! People whose factors are lost, and what they do to come back.

use super::{PASSWORD, World, context};
use auth::Result;
use auth::flow::{self, Recovered, SignIn};
use auth::view::AccountRecovery;
use secrecy::SecretString;
use sqlx::{AnyConnection, Connection, Row};

pub const HOUR: i64 = 60 * 60;
pub const DAY: i64 = 24 * HOUR;
/// Between asking and the link.
pub const WAIT: i64 = 72 * HOUR;
/// How long the link then works.
pub const LINK: i64 = 7 * DAY;

/// Runs a statement about the account with an address, which is `$1`.
pub async fn execute(world: &World, statement: &'static str, address: &str) {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    sqlx::query(statement).bind(address.to_owned()).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// How many rows of a table an account has; the statement calls them `found`.
pub async fn count(world: &World, statement: &'static str) -> i64 {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let row = sqlx::query(statement).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    row.get("found")
}

/// Gives an account factors that nobody has any more.
pub async fn lose_factors(world: &World, address: &str) {
    for statement in [
        "UPDATE users SET factors = 'passkey totp' WHERE email = $1",
        "INSERT INTO totp_secrets (user_id, secret_sealed, last_step, confirmed_at) \
         SELECT id, 'lost', 0, 1700000000000 FROM users WHERE email = $1",
        "INSERT INTO passkeys (id, user_id, credential_id, credential, aaguid, transports, binding, name, created_at) \
         SELECT id, id, id, '{}', '', '', 'device', 'Lost key', 1700000000000 FROM users WHERE email = $1",
        "INSERT INTO recovery_codes (user_id, mac, created_at) \
         SELECT id, 'lost', 1700000000000 FROM users WHERE email = $1",
    ] {
        execute(world, statement, address).await;
    }
}

/// The ticket of a sign-in that waits for its second factor.
pub async fn ticket(world: &World, address: &str) -> SecretString {
    match world.try_sign_in(address, PASSWORD).await.unwrap() {
        SignIn::NeedsSecondFactor(pending) => pending.ticket,
        _ => panic!("{address} is asked for no factor"),
    }
}

pub async fn try_start(world: &World, address: &str) -> Result<AccountRecovery> {
    let ticket = ticket(world, address).await;
    flow::start_account_recovery(&world.auth, &ticket, &context()).await
}

pub async fn start(world: &World, address: &str) -> AccountRecovery {
    try_start(world, address).await.unwrap()
}

/// How many mails of a kind an address got.
pub async fn mails(world: &World, address: &str, kind: &str) -> usize {
    world.inbox_of(address).await.iter().filter(|mail| mail.kind == kind).count()
}

/// Whether a recovery of the account runs.
pub async fn runs_for(world: &World, address: &str) -> bool {
    let ticket = ticket(world, address).await;
    flow::recovery_of_sign_in(&world.auth, &ticket).await.unwrap().1.is_some()
}

/// The token of the newest mail of a kind.
pub async fn token(world: &World, address: &str, kind: &str) -> SecretString {
    let mail = world.inbox_of(address).await.into_iter().find(|mail| mail.kind == kind);
    mail.and_then(|mail| mail.link).unwrap().split_once("token=").unwrap().1.into()
}

/// Starts a recovery and waits until its link is mailed; gives the token of the link.
pub async fn wait_for_link(world: &World, address: &str) -> SecretString {
    start(world, address).await;
    world.clock.advance_seconds(WAIT);
    world.auth.delete_what_is_over().await.unwrap();
    token(world, address, "recovery_ready").await
}

pub async fn complete(world: &World, token: &SecretString, password: &str) -> Result<Recovered> {
    flow::complete_account_recovery(&world.auth, token, &password.into(), &context()).await
}

/// Whether the password alone opens a session.
pub async fn is_open(world: &World, address: &str) -> bool {
    matches!(world.try_sign_in(address, PASSWORD).await.unwrap(), SignIn::SignedIn(_))
}

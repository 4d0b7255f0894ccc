//! What people do with passkeys.

use super::authenticator::Authenticator;
use super::{World, context};
use auth::factor::{PasskeyAnswer, PasskeyRequest};
use auth::flow::{self, AddedPasskey, Entered, PasskeySignIn, SignedIn};
use auth::form::PasskeySignUpStart;
use auth::id::PasskeyId;
use auth::session::Caller;
use auth::view::PasskeyItem;
use auth::{Auth, Result, TokenName};
use serde_json::Value;
use sqlx::{AnyConnection, Connection, Row};

pub const EMAIL: &str = "alice@example.com";

/// Somebody who has a password and is signed in.
pub async fn alice(world: &World) -> Caller {
    signed_in(world, EMAIL).await
}

pub async fn signed_in(world: &World, email: &str) -> Caller {
    world.create_account(email).await;
    world.caller(&world.sign_in(email).await)
}

pub fn answer(request: &PasskeyRequest, credential: Value) -> PasskeyAnswer {
    PasskeyAnswer { ceremony: request.ceremony.clone(), credential }
}

pub async fn try_add(auth: &Auth, caller: &Caller, device: &mut Authenticator) -> Result<AddedPasskey> {
    let asked = flow::passkey_options(auth, caller).await?;
    let credential = device.make(&asked.options);
    flow::add_passkey(auth, caller, &answer(&asked, credential), None, &context()).await
}

pub async fn add(world: &World, caller: &Caller, device: &mut Authenticator) -> AddedPasskey {
    try_add(&world.auth, caller, device).await.unwrap()
}

pub async fn try_sign_in(auth: &Auth, device: &mut Authenticator) -> Result<PasskeySignIn> {
    let asked = flow::begin_passkey_sign_in(auth).await?;
    let credential = device.prove(&asked.options);
    flow::passkey_sign_in(auth, &answer(&asked, credential), &context()).await
}

/// Signs in with a passkey alone.
pub async fn sign_in(world: &World, device: &mut Authenticator) -> SignedIn {
    match try_sign_in(&world.auth, device).await.unwrap() {
        PasskeySignIn::Entered(Entered::SignedIn(signed_in)) => signed_in,
        PasskeySignIn::Entered(Entered::NeedsSecondFactor(_)) => panic!("a second factor is asked for"),
        PasskeySignIn::NeedsVerification(_) => panic!("the address is not proved"),
        PasskeySignIn::Unknown(_) => panic!("nobody has it"),
    }
}

/// The same, as who calls from then on: with a fresh proof of the factor.
pub async fn caller_with(world: &World, device: &mut Authenticator) -> Caller {
    world.caller(&sign_in(world, device).await)
}

pub async fn rename(world: &World, caller: &Caller, id: &PasskeyId, name: &str) -> Result<()> {
    let name = TokenName::parse(name).unwrap();
    flow::rename_passkey(&world.auth, caller, id, &name, &context()).await
}

pub async fn list(world: &World, caller: &Caller) -> Vec<PasskeyItem> {
    flow::list_passkeys(&world.auth, caller).await.unwrap().passkeys
}

pub async fn remove(world: &World, caller: &Caller, id: &PasskeyId) -> Result<()> {
    flow::remove_passkey(&world.auth, caller, id, &context()).await
}

/// Begins a sign-up with a passkey.
pub async fn begin_sign_up(world: &World, email: &str) -> PasskeyRequest {
    let account = PasskeySignUpStart { email: email.into(), name: "Sam Doe".into() }.parse().unwrap();
    flow::begin_passkey_sign_up(&world.auth, &account).await.unwrap()
}

/// Goes on with the answer.
pub async fn finish_sign_up(world: &World, email: &str, answer: &PasskeyAnswer) -> Result<flow::SignUpTicket> {
    let account = PasskeySignUpStart { email: email.into(), name: "Sam Doe".into() }.parse().unwrap();
    flow::passkey_sign_up(&world.auth, account, answer, &context()).await
}

pub async fn sign_up(world: &World, email: &str, device: &mut Authenticator) -> flow::SignUpTicket {
    let asked = begin_sign_up(world, email).await;
    let credential = device.make(&asked.options);
    finish_sign_up(world, email, &answer(&asked, credential)).await.unwrap()
}

/// Everything that an answer may change: passkeys, how often they were used, factors, sessions; and how many challenges
/// wait.
pub async fn picture(world: &World) -> (Vec<String>, i64) {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let mut lines = Vec::new();
    for query in [
        "SELECT id || credential || name || CAST(COALESCE(last_used_at, 0) AS TEXT) AS line FROM passkeys ORDER BY id",
        "SELECT id || factors AS line FROM users ORDER BY id",
        "SELECT id AS line FROM sessions ORDER BY id",
        "SELECT id AS line FROM sign_ups ORDER BY id",
        "SELECT kind AS line FROM jobs ORDER BY id",
    ] {
        let rows = sqlx::query(query).fetch_all(&mut connection).await.unwrap();
        lines.extend(rows.iter().map(|row| row.get::<String, _>("line")));
        lines.push(String::new());
    }
    let waiting = sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) AS waiting FROM passkey_ceremonies");
    let waiting = waiting.fetch_one(&mut connection).await.unwrap().get("waiting");
    connection.close().await.unwrap();
    (lines, waiting)
}

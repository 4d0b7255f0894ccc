//! What guessers and honest people do where limits hold.

use super::{PASSWORD, World, context};
use auth::flow::{self, SignIn};
use auth::form::SignInForm;
use auth::limit::{LimitSettings, LimitedRequest, bring_solution};
use auth::{Auth, Context, ErrorCode, Refusal, Result};
use secrecy::SecretString;
use sqlx::{AnyConnection, Connection, Row};

pub const ALICE: &str = "alice@example.com";
pub const WRONG: &str = "not the password at all";

/// The same world with limits.
pub async fn limited(world: World) -> World {
    let auth = limited_node(&world).await;
    World { auth, ..world }
}

/// Another node with limits.
pub async fn limited_node(world: &World) -> Auth {
    let on = |settings: &mut auth::settings::Settings| settings.limits = LimitSettings::default();
    world.another_node_with(&world.clock, on).await.unwrap()
}

pub fn at(address: &str) -> Context {
    Context { address: address.into(), ..context() }
}

/// Tries a password from an address.
pub async fn try_on(auth: &Auth, email: &str, password: &str, address: &str) -> Result<SignIn> {
    let form = SignInForm { email: email.into(), password: password.into() };
    flow::sign_in(auth, form.parse()?, None, &at(address)).await
}

/// Why a wrong password was refused, and for how many seconds.
pub async fn guess(auth: &Auth, email: &str, address: &str) -> (ErrorCode, Option<u32>) {
    let refusal = refused(try_on(auth, email, WRONG, address).await);
    (refusal.code, refusal.retry_after)
}

pub fn refused(outcome: Result<SignIn>) -> Refusal {
    match outcome {
        Ok(_) => panic!("it was granted"),
        Err(error) => error.refusal(),
    }
}

pub fn is_in(outcome: Result<SignIn>) -> bool {
    matches!(outcome, Ok(SignIn::SignedIn(_)))
}

/// Strangers from everywhere spend all free tries of an address.
pub async fn attack(auth: &Auth, email: &str) {
    for n in 0..5 {
        assert_eq!(guess(auth, email, &format!("198.51.100.{n}")).await.0, ErrorCode::InvalidCredentials);
    }
    assert_eq!(guess(auth, email, "198.51.100.9").await.0, ErrorCode::TooManyAttempts);
}

/// Signs in where a cookie may be brought; gives the cookie of a device that is known from then on.
pub async fn sign_in_with(
    world: &World,
    email: &str,
    password: &str,
    cookie: Option<&SecretString>,
) -> (Result<SignIn>, Option<SecretString>) {
    let request = LimitedRequest::new("203.0.113.5", cookie.cloned());
    let outcome = request.around(try_on(&world.auth, email, password, "203.0.113.5")).await;
    (outcome, request.told().known_device)
}

/// Tries the right password with the solution of a challenge.
pub async fn try_with_work(auth: &Auth, email: &str, password: &str, address: &str, solution: &str) -> Result<SignIn> {
    let request = LimitedRequest::new(address, None);
    request
        .around(async {
            bring_solution(solution);
            try_on(auth, email, password, address).await
        })
        .await
}

/// Signs in from somewhere with the password of all stories.
pub async fn sign_in_at(auth: &Auth, email: &str, address: &str) -> Result<SignIn> {
    try_on(auth, email, PASSWORD, address).await
}

/// How many buckets there are.
pub async fn buckets(world: &World) -> i64 {
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let row = sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM limits").fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    row.try_get("n").unwrap()
}

/// Strangers from many networks have spent so many tries of everybody's bucket; one comes back after 300 ms.
pub async fn spend_everybodys(world: &World, tries: i64) {
    assert_eq!(guess(&world.auth, "nobody@example.com", "198.51.100.1").await.0, ErrorCode::InvalidCredentials);
    // Until then the node believes what it counted itself.
    world.clock.advance_seconds(1);
    let mut connection = AnyConnection::connect(&world.database.url).await.unwrap();
    let statement = sqlx::query("UPDATE limits SET recovered_at = $1 WHERE bucket LIKE 'sign_in.everybody.%'");
    let done = statement.bind(world.auth.now().0 + tries * 300).execute(&mut connection).await.unwrap();
    assert_eq!(done.rows_affected(), 1);
    connection.close().await.unwrap();
}

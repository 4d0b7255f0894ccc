//! What people do with authenticator apps.

use super::{World, context, refusal};
use auth::factor::RecoveryCodes;
use auth::flow;
use auth::session::Caller;
use auth::{Auth, ErrorCode, Result, Timestamp, TypedCode};
use secrecy::{ExposeSecret, SecretString};
use totp_rs::{Builder, Secret};

/// Seconds of a step.
pub const STEP: i64 = 30;

/// Signs in and sets an app up; gives its key as base32. The code of the step before is used up by it, that of now is
/// not: [`code_at`] of now signs in at once.
pub async fn enrol_totp(world: &World, email: &str) -> SecretString {
    let caller = world.caller(&world.sign_in(email).await);
    enrol(world, &caller).await.0
}

/// Sets an app up in a session; gives its key, and recovery codes when the account had none.
pub async fn enrol(world: &World, caller: &Caller) -> (SecretString, Option<RecoveryCodes>) {
    let secret = flow::start_totp(&world.auth, caller).await.unwrap().secret;
    let code = code_at(&secret, world.auth.now().minus_seconds(STEP));
    let codes = confirm(&world.auth, caller, &code).await.unwrap();
    (secret, codes)
}

/// The code that an app with this key shows at a moment.
pub fn code_at(secret: &SecretString, now: Timestamp) -> String {
    let secret = Secret::try_from_base32(secret.expose_secret()).ok().unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(now.seconds()).unwrap()).to_string()
}

/// A code that is right at none of the steps around a moment.
pub fn wrong_code(secret: &SecretString, now: Timestamp) -> String {
    let right = [-2, -1, 0, 1, 2].map(|steps| code_at(secret, now.plus_seconds(steps * STEP)));
    (0..).map(|number| format!("{number:06}")).find(|code| !right.contains(code)).unwrap()
}

pub fn typed(code: &str) -> TypedCode {
    TypedCode::parse(code).ok().unwrap()
}

pub async fn confirm(auth: &Auth, caller: &Caller, code: &str) -> Result<Option<RecoveryCodes>> {
    flow::confirm_totp(auth, caller, &typed(code), &context()).await
}

/// The code a confirmation was refused with.
pub async fn confirm_refused(world: &World, caller: &Caller, code: &str) -> ErrorCode {
    refusal(confirm(&world.auth, caller, code).await)
}

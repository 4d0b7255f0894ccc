//! What people do with codes by mail and SMS.

use super::{PASSWORD, World, context};
use auth::factor::FactorProof;
use auth::flow::{self, FreshProof, PendingSignIn, SignIn, SignedIn};
use auth::session::Caller;
use auth::{Auth, FactorMethod, PhoneNumber, Result, TypedCode};
use secrecy::SecretString;

pub const EMAIL: &str = "alice@example.com";
pub const PHONE: &str = "+447700900123";

pub fn number(text: &str) -> PhoneNumber {
    PhoneNumber::parse(text).unwrap()
}

pub fn typed(digits: &str) -> TypedCode {
    TypedCode::parse(digits).ok().unwrap()
}

/// A code that is not this one.
pub fn other(right: &TypedCode) -> TypedCode {
    typed(if right.text() == "00000000" { "00000001" } else { "00000000" })
}

pub async fn signed_in(world: &World) -> Caller {
    world.create_account(EMAIL).await;
    world.caller(&world.sign_in(EMAIL).await)
}

/// Codes that were sent to an address or a number, newest first.
pub async fn codes_to(world: &World, to: &str) -> Vec<TypedCode> {
    let mails = world.inbox_of(to).await.into_iter();
    let sent = mails.filter(|mail| mail.kind == "sms" || mail.kind == "second_factor_code");
    sent.map(|mail| typed(mail.code.as_deref().unwrap())).collect()
}

/// The newest code.
pub async fn code_to(world: &World, to: &str) -> TypedCode {
    codes_to(world, to).await.remove(0)
}

/// Asks for codes to a number, a second after what came before.
pub async fn ask_for_phone(world: &World, caller: &Caller, to: &str) -> Result<()> {
    world.clock.advance_seconds(1);
    flow::request_phone(&world.auth, caller, &number(to), &context()).await
}

/// Whether the account got recovery codes with it.
pub async fn confirm_phone(world: &World, caller: &Caller, code: &TypedCode) -> Result<bool> {
    Ok(flow::confirm_phone(&world.auth, caller, code, &context()).await?.is_some())
}

/// Proves a number.
pub async fn add_phone(world: &World, caller: &Caller, to: &str) {
    ask_for_phone(world, caller, to).await.unwrap();
    let code = code_to(world, to).await;
    confirm_phone(world, caller, &code).await.unwrap();
}

/// Proves the mailbox.
pub async fn add_email_codes(world: &World, caller: &Caller, email: &str) {
    world.clock.advance_seconds(1);
    flow::switch_on_email_codes(&world.auth, caller, &context()).await.unwrap();
    let code = code_to(world, email).await;
    flow::confirm_email_codes(&world.auth, caller, &code, &context()).await.unwrap();
}

/// The password was right; the rest waits.
pub async fn waiting_sign_in(world: &World, email: &str) -> PendingSignIn {
    world.clock.advance_seconds(1);
    match world.try_sign_in(email, PASSWORD).await.unwrap() {
        SignIn::NeedsSecondFactor(pending) => pending,
        _ => panic!("{email} is asked for no factor"),
    }
}

/// Asks for a code for a sign-in that waits.
pub async fn send(auth: &Auth, ticket: &SecretString, method: FactorMethod) -> Result<()> {
    flow::send_second_factor_code(auth, ticket, method, &context()).await
}

/// Goes on with a sign-in that waits.
pub async fn go_on(auth: &Auth, ticket: &SecretString, method: FactorMethod, code: &TypedCode) -> Result<SignedIn> {
    let proof = FactorProof::Code { method, code: code.clone() };
    Ok(flow::second_factor(auth, ticket, proof, false, &context()).await?.signed_in)
}

/// Proves the person of a session once more, by SMS.
pub async fn prove_by_sms(world: &World, caller: &Caller, to: &str) {
    world.clock.advance_seconds(1);
    flow::send_step_up_code(&world.auth, caller, FactorMethod::SmsCode, &context()).await.unwrap();
    let proof = FactorProof::Code { method: FactorMethod::SmsCode, code: code_to(world, to).await };
    flow::reauthenticate(&world.auth, caller, &FreshProof::Factor(proof), &context()).await.unwrap();
}

//! What people do who are asked for a second factor.

use super::{PASSWORD, World, context};
use auth::factor::FactorProof;
use auth::flow::{self, PendingSignIn, SecondFactor, SignIn};
use auth::form::SignInForm;
use auth::{Auth, FactorMethod, Result, TypedCode};
use secrecy::SecretString;

/// A code of an authenticator app, as somebody types it.
pub fn proof(code: &str) -> FactorProof {
    FactorProof::Code { method: FactorMethod::Totp, code: TypedCode::parse(code).ok().unwrap() }
}

/// Six digits that are not these, and by all odds not those of the steps beside them.
pub fn wrong(right: &str) -> String {
    let digits = ('1'..='9').find(|digit| !right.starts_with(*digit)).unwrap();
    digits.to_string().repeat(6)
}

/// Signs in with the right password.
pub async fn sign_in(auth: &Auth, email: &str, trusted: Option<&SecretString>) -> Result<SignIn> {
    let form = SignInForm { email: email.into(), password: PASSWORD.into() };
    flow::sign_in(auth, form.parse()?, trusted, &context()).await
}

/// The first half of a sign-in, of an account that has a second factor.
pub async fn first_half(world: &World, email: &str) -> PendingSignIn {
    match sign_in(&world.auth, email, None).await.unwrap() {
        SignIn::NeedsSecondFactor(pending) => pending,
        _ => panic!("{email} was not asked for a second factor"),
    }
}

/// The second half.
pub async fn prove(world: &World, ticket: &SecretString, code: &str, trust: bool) -> Result<SecondFactor> {
    flow::second_factor(&world.auth, ticket, proof(code), trust, &context()).await
}

//! People with an authenticator app who sign in, trust a device, and prove themselves once more.

use super::totp::{code_at, typed};
use super::typed_factor::ticket;
use super::{PASSWORD, World, context};
use auth::factor::FactorProof;
use auth::flow::{self, FreshProof, SecondFactor, SignIn, SignedIn};
use auth::form::SignInForm;
use auth::session::Caller;
use auth::{Auth, FactorMethod, Result};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use secrecy::SecretString;

/// Seconds after which a code of the app is another one.
pub const STEP: i64 = 30;

/// Signs in with the password and the code of now.
pub async fn sign_in_with_app(world: &World, email: &str, secret: &SecretString, trust: bool) -> SecondFactor {
    let code = typed(&code_at(secret, world.auth.now()));
    let proof = FactorProof::Code { method: FactorMethod::Totp, code };
    let ticket = ticket(world, email).await;
    flow::second_factor(&world.auth, &ticket, proof, trust, &context()).await.unwrap()
}

/// Signs in with the password, on a device that is trusted.
pub async fn sign_in_trusted(world: &World, email: &str, trusted: &SecretString) -> SignedIn {
    let form = SignInForm { email: email.into(), password: PASSWORD.into() };
    match flow::sign_in(&world.auth, form.parse().unwrap(), Some(trusted), &context()).await.unwrap() {
        SignIn::SignedIn(signed_in) => signed_in,
        _ => panic!("the device of {email} is not trusted"),
    }
}

pub async fn prove_by_code(auth: &Auth, caller: &Caller, method: FactorMethod, code: &str) -> Result<()> {
    let proof = FreshProof::Factor(FactorProof::Code { method, code: typed(code) });
    flow::reauthenticate(auth, caller, &proof, &context()).await
}

/// Proves the app of an account with the code of now.
pub async fn prove_by_app(world: &World, caller: &Caller, secret: &SecretString) -> Result<()> {
    let code = code_at(secret, world.auth.now());
    prove_by_code(&world.auth, caller, FactorMethod::Totp, &code).await
}

/// What an access token says.
pub fn claims(token: &str) -> serde_json::Value {
    let payload = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&payload).unwrap()
}

//! The second half of a sign-in with typed codes.

use super::totp::typed;
use super::{PASSWORD, World, context};
use auth::factor::FactorProof;
use auth::flow::{self, SignIn};
use auth::{Auth, FactorMethod, Result};
use secrecy::SecretString;

/// The ticket of a sign-in whose password was right, of an account with a second factor.
pub async fn ticket(world: &World, email: &str) -> SecretString {
    match world.try_sign_in(email, PASSWORD).await.unwrap() {
        SignIn::NeedsSecondFactor(pending) => pending.ticket,
        _ => panic!("{email} was not asked for a second factor"),
    }
}

/// Whether the password alone signs in.
pub async fn password_is_enough(world: &World, email: &str) -> bool {
    matches!(world.try_sign_in(email, PASSWORD).await.unwrap(), SignIn::SignedIn(_))
}

/// Types a code of a kind of factor.
pub async fn type_code(auth: &Auth, ticket: &SecretString, method: FactorMethod, code: &str) -> Result<()> {
    let proof = FactorProof::Code { method, code: typed(code) };
    flow::second_factor(auth, ticket, proof, false, &context()).await.map(|_| ())
}

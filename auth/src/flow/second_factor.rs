//! The second half of a sign-in (NIST SP 800-63B-4, 2.2; ASVS 5.0, 6.3.3).

use secrecy::SecretString;

use super::gate::{SignedIn, enter_with_factor};
use super::pending_sign_in::Waiting;
use super::prove_factor::begin_with_factor;
use crate::explain::{Step, note};
use crate::factor::FactorProof;
use crate::meter::{SignInOutcome, SignInWay};
use crate::{Auth, Context, Result};

/// A sign-in that is whole.
pub struct SecondFactor {
    /// The session.
    pub signed_in: SignedIn,
    /// For the cookie of a browser that is trusted from now on.
    pub trusted: Option<SecretString>,
}

/// Proves the second factor of a sign-in that waits and starts the session: factor and ticket are consumed with it,
/// or not at all. With `trust` the factor is not asked for in this browser for 30 days.
///
/// # Errors
/// [`crate::ErrorCode::SecondFactorExpired`] for a ticket that is used, replaced, too old or invented, and when the
/// password was changed meanwhile; [`crate::ErrorCode::FactorUnavailable`]; [`crate::ErrorCode::WrongCode`] or
/// [`crate::ErrorCode::PasskeyRefused`], with which the ticket stays; [`crate::ErrorCode::FactorsLocked`] with
/// `retry_after`.
pub async fn second_factor(
    auth: &Auth,
    ticket: &SecretString,
    proof: FactorProof,
    trust: bool,
    context: &Context,
) -> Result<SecondFactor> {
    let led_to = try_factor(auth, ticket, proof, trust, context).await;
    let outcome = led_to.as_ref().map_or_else(SignInOutcome::of_error, |_| SignInOutcome::SignedIn);
    auth.meters.sign_ins.note((SignInWay::SecondFactor, outcome));
    led_to
}

async fn try_factor(
    auth: &Auth,
    ticket: &SecretString,
    proof: FactorProof,
    trust: bool,
    context: &Context,
) -> Result<SecondFactor> {
    let waiting = Waiting::of(auth, ticket).await?;
    note(|| Step::SecondFactorAsked);
    let tx = begin_with_factor(auth, &waiting.user, &waiting.bound(), &proof, context).await?;
    let (signed_in, trusted) = enter_with_factor(auth, tx, (&waiting, proof.method()), trust, context).await?;
    Ok(SecondFactor { signed_in, trusted })
}

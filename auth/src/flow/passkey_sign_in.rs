//! Signing in with a passkey alone: the person was verified by their device, so nothing else is asked for (NIST
//! SP 800-63B-4, 3.1.7).

use super::gate::{Entered, Way, enter};
use super::new_device::at_the_door;
use super::refused_sign_in::note_refused_factor;
use super::sign_in::{SignIn, take_over_waiting_page};
use super::sign_out::sign_out;
use super::sign_up::SignUpTicket;
use crate::factor::passkey::{Found, begin_sign_in, find, note_passkey_use};
use crate::factor::{PasskeyAnswer, PasskeyRequest};
use crate::meter::{SignInOutcome, SignInWay};
use crate::{Auth, Context, ErrorCode, FactorMethod, Result};

/// What a passkey leads to.
pub enum PasskeySignIn {
    /// Through the gate that every way in ends in.
    Entered(Entered),
    /// The waiting page: the passkey is that of a sign-up whose address is not proved yet.
    NeedsVerification(SignUpTicket),
    /// Nobody has this passkey, or nobody has it any more.
    Unknown(UnknownPasskey),
}

/// A passkey that nobody has: what a browser tells its password manager (`signalUnknownCredential`, WebAuthn Level 3,
/// 5.1.10).
pub struct UnknownPasskey {
    /// Who asked for it.
    pub rp_id: String,
    /// Its id, in base64url.
    pub credential_id: String,
}

/// Asks for any passkey that the browser finds.
///
/// # Errors
/// [`ErrorCode::FactorUnavailable`] where the public URL has an address instead of a name.
pub async fn begin_passkey_sign_in(auth: &Auth) -> Result<PasskeyRequest> {
    auth.limits.passkey_challenge().await?;
    begin_sign_in(auth).await
}

/// Verifies the passkey and starts a session.
///
/// # Errors
/// [`ErrorCode::PasskeyRefused`], whatever is wrong with the answer; [`ErrorCode::ChangedMeanwhile`] when the account
/// changed in this moment.
pub async fn passkey_sign_in(auth: &Auth, answer: &PasskeyAnswer, context: &Context) -> Result<PasskeySignIn> {
    let led_to = try_passkey(auth, answer, context).await;
    let outcome = match &led_to {
        Ok(PasskeySignIn::Entered(entered)) => SignInOutcome::of_entered(entered),
        Ok(PasskeySignIn::NeedsVerification(_)) => SignInOutcome::NeedsProof,
        Ok(PasskeySignIn::Unknown(_)) => SignInOutcome::Refused,
        Err(error) => SignInOutcome::of_error(error),
    };
    auth.meters.sign_ins.note((SignInWay::Passkey, outcome));
    led_to
}

async fn try_passkey(auth: &Auth, answer: &PasskeyAnswer, context: &Context) -> Result<PasskeySignIn> {
    let (user, proved) = match find(auth, answer, context).await? {
        Found::Owner(user, proved) => (user, proved),
        Found::Refused(owner) => {
            note_refused_factor(auth, &owner, context).await?;
            return Err(ErrorCode::PasskeyRefused.into());
        }
        Found::Waiting(waiting) => {
            return match take_over_waiting_page(auth, &waiting, context).await? {
                SignIn::NeedsVerification(ticket) => Ok(PasskeySignIn::NeedsVerification(ticket)),
                _ => Err(ErrorCode::PasskeyRefused.into()),
            };
        }
        Found::Nobody(credential_id) => {
            let rp_id = auth.relying_party()?.id().to_owned();
            return Ok(PasskeySignIn::Unknown(UnknownPasskey { rp_id, credential_id }));
        }
    };
    let mut tx = auth.store.begin().await?;
    // Before the passkey's row: whoever completes a recovery holds the account first, too.
    tx.hold_factors(&user.id).await?;
    tx.kill_account_recovery(&user.id, auth.now()).await?;
    if !note_passkey_use(auth, &mut tx, &proved, context).await? {
        tx.rollback().await?;
        return Err(ErrorCode::PasskeyRefused.into());
    }
    tx.commit().await?;
    let found = at_the_door(auth, &user.email, context).await?;
    let (user, known) = found.filter(|(found, _)| found.id == user.id).ok_or(ErrorCode::ChangedMeanwhile)?;
    let way = Way {
        user: &user,
        known: &known,
        upgraded: None,
        method: "passkey",
        factor: Some(FactorMethod::Passkey),
        proved_elsewhere: false,
        proved_at: None,
        trusted: None,
    };
    let entered = enter(auth, way, context).await?.ok_or(ErrorCode::ChangedMeanwhile)?;
    // Whoever removed the passkey in this moment must not find somebody in who came with it.
    if !auth.store.passkeys_of(&user.id).await?.iter().any(|row| row.id == proved.id) {
        if let Entered::SignedIn(signed_in) = &entered {
            sign_out(auth, &signed_in.refresh_token, context).await?;
        }
        return Err(ErrorCode::PasskeyRefused.into());
    }
    Ok(PasskeySignIn::Entered(entered))
}

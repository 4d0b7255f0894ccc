//! Signing in with a password.
//!
//! An unknown address costs the same reads, hashes and write as a known one, and gets the same
//! words (ASVS 5.0, 6.3.8). Somebody who knows the password of a sign-up that still waits is led to
//! its waiting page.

use secrecy::{ExposeSecret as _, SecretString};

use super::even_answer::Reads;
use super::gate::{self, Entered, PendingSignIn, SignedIn, Way};
use super::guess::Guess;
use super::new_device::at_the_door;
use super::refused_sign_in::note_refused_sign_in;
use super::resend_verification::renew;
use super::sign_up::SignUpTicket;
use crate::crypto::{Purpose, token_digest};
use crate::explain::{Step, note};
use crate::form::Credentials;
use crate::meter::{SignInOutcome, SignInWay};
use crate::password::hash::Verdict;
use crate::store::{Acquaintance, SignUpRow, UserRow};
use crate::{Auth, Context, ErrorCode, NewPassword, Result};

/// What a right password leads to.
pub enum SignIn {
    /// A session.
    SignedIn(SignedIn),
    /// The second half: the account has a second factor, and this device is not trusted.
    NeedsSecondFactor(PendingSignIn),
    /// The waiting page: the address is not proved yet.
    NeedsVerification(SignUpTicket),
}

/// Verifies the password, and starts a session or asks for the second factor. `trusted` is the cookie of a device in
/// which it may not be asked for.
///
/// # Errors
/// [`ErrorCode::InvalidCredentials`], [`ErrorCode::ChangedMeanwhile`] when the password was changed while
/// it was verified, [`ErrorCode::TooManyAttempts`] before it is looked at, or [`ErrorCode::Busy`] when too many hash at once.
pub async fn sign_in(
    auth: &Auth,
    credentials: Credentials,
    trusted: Option<&SecretString>,
    context: &Context,
) -> Result<SignIn> {
    let led_to = try_password(auth, credentials, trusted, context).await;
    let outcome = led_to.as_ref().map_or_else(SignInOutcome::of_error, SignInOutcome::of_sign_in);
    auth.meters.sign_ins.note((SignInWay::Password, outcome));
    led_to
}

async fn try_password(
    auth: &Auth,
    credentials: Credentials,
    trusted: Option<&SecretString>,
    context: &Context,
) -> Result<SignIn> {
    let attempt = auth.limits.sign_in(&credentials.email, context).await?;
    let mut reads = Reads::default();
    let found = reads.time(at_the_door(auth, &credentials.email, context)).await?;
    note(|| Step::AccountRead);
    let stored = found.as_ref().and_then(|(user, _)| user.password_hash.as_deref());
    let mut guess = Guess::at(auth, attempt);
    let compared = auth.hashes.verify(&credentials.password, stored).await;
    if compared.is_err() {
        guess.forget();
    }
    let verdict = compared?;
    note(|| Step::password_verified(stored));
    // Once its day has come, an account is gone, whether its rows are or not.
    let found = found.filter(|(user, _)| user.delete_at.is_none_or(|at| at > auth.now()));
    if let (Verdict::Right | Verdict::RightButOld, Some((user, known))) = (verdict, &found) {
        let entered = enter(auth, (user, known), verdict, &credentials, trusted, context).await;
        if matches!(entered, Ok(Entered::NeedsSecondFactor(_))) {
            guess.was_asked();
        } else {
            guess.forget();
        }
        guess.count().await?;
        return Ok(match entered? {
            Entered::SignedIn(signed_in) => SignIn::SignedIn(signed_in),
            Entered::NeedsSecondFactor(pending) => SignIn::NeedsSecondFactor(pending),
        });
    }
    // A second hash, always: whether a sign-up waits shows in nothing. One for a known address waits
    // like any other, so who made it learns nothing about the account.
    let waiting = reads.time(auth.store.waiting_sign_up(&credentials.email, auth.now())).await?;
    let stored = waiting.as_ref().map(|waiting| &*waiting.password_hash);
    let verdict = auth.hashes.verify(&credentials.password, stored).await?;
    if let (Verdict::Right | Verdict::RightButOld, Some(waiting)) = (verdict, &waiting) {
        guess.forget();
        return take_over_waiting_page(auth, waiting, context).await;
    }
    let answer = reads.even_answer();
    guess.count().await?;
    note_refused_sign_in(auth, found.as_ref().map(|(user, _)| &user.id), &credentials.email, context).await?;
    answer.wait().await;
    Err(ErrorCode::InvalidCredentials.into())
}

/// Enters after a right password. Of parallel sign-ins that replace an older hash one wins; the others find a new one
/// in its place and verify that, once. So does who finds a second factor that was added meanwhile: it is asked for.
/// After a change of the password it is wrong.
async fn enter(
    auth: &Auth,
    (user, known): (&UserRow, &Acquaintance),
    verdict: Verdict,
    credentials: &Credentials,
    trusted: Option<&SecretString>,
    context: &Context,
) -> Result<Entered> {
    let upgraded = upgrade(auth, verdict, credentials).await?;
    let way = by_password((user, known), upgraded.as_deref(), trusted);
    if let Some(entered) = gate::enter(auth, way, context).await? {
        return Ok(entered);
    }
    let user = auth.store.user(&user.id).await?.ok_or(ErrorCode::ChangedMeanwhile)?;
    let verdict = auth.hashes.verify(&credentials.password, user.password_hash.as_deref()).await?;
    if verdict == Verdict::Wrong {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    let upgraded = upgrade(auth, verdict, credentials).await?;
    let way = by_password((&user, known), upgraded.as_deref(), trusted);
    Ok(gate::enter(auth, way, context).await?.ok_or(ErrorCode::ChangedMeanwhile)?)
}

fn by_password<'a>(
    (user, known): (&'a UserRow, &'a Acquaintance),
    upgraded: Option<&'a str>,
    trusted: Option<&'a SecretString>,
) -> Way<'a> {
    Way { user, known, upgraded, method: "pwd", factor: None, proved_elsewhere: false, proved_at: None, trusted }
}

pub(super) async fn take_over_waiting_page(auth: &Auth, waiting: &SignUpRow, context: &Context) -> Result<SignIn> {
    let ticket = auth.random.token();
    if !renew(auth, waiting, Some(&ticket), context).await? {
        // The last mail is fresh enough: only the waiting page changes browsers.
        let mut tx = auth.store.begin().await?;
        tx.replace_ticket(&waiting.id, &token_digest(Purpose::SignUpTicket, &ticket)).await?;
        tx.commit().await?;
    }
    Ok(SignIn::NeedsVerification(ticket))
}

/// A hash of today's cost, when the stored one has another or was imported.
async fn upgrade(auth: &Auth, verdict: Verdict, credentials: &Credentials) -> Result<Option<String>> {
    if verdict != Verdict::RightButOld {
        return Ok(None);
    }
    // The rule for new passwords does not apply to one that is in use.
    let password = NewPassword::in_use(credentials.password.expose_secret());
    let hash = auth.hashes.hash(&password, &*auth.random).await?;
    note(|| Step::PasswordHashedAnew);
    Ok(Some(hash))
}

//! A fresh proof of the person behind a session, which risky acts ask for (OWASP Session Management
//! Cheat Sheet, "Require Re-authentication"; ASVS 5.0, 7.5.1; RFC 9470).
//!
//! An account with a strong factor proves that: any of its strong factors, or a recovery code. Its password is no proof
//! then, and neither is a mailed code; nor is a sign-in that proved no factor, as on a trusted device. An account
//! without one proves its password, and a sign-in is as good.
//!
//! Tries of the password are counted in the session and spent before it is compared. The tenth wrong one
//! ends the session: whoever holds a stolen access token guesses ten times and is out. A right one
//! gives the tries back. Those of factors are counted in the account, by `prove_factor.rs`.

use secrecy::{ExposeSecret, SecretString};

use super::prove_factor::begin_with_factor;
use super::refused_sign_in::note_refused_password;
use super::step_up::proving_factors;
use crate::factor::{Bound, FactorProof};
use crate::id::SessionId;
use crate::password::hash::Verdict;
use crate::session::{Actor, Caller};
use crate::store::{MAX_PASSWORD_TRIES, SessionRow, UserRow};
use crate::{Auth, Context, ErrorCode, EventKind, FactorMethod, Factors, Field, FieldIssue, Refusal, Result};

/// What proves the person once more.
pub enum FreshProof {
    /// The password of today.
    Password(SecretString),
    /// A factor of the account.
    Factor(FactorProof),
}

/// Verifies a proof of the caller and notes that they were proved now.
///
/// # Errors
/// [`ErrorCode::SignedOut`]. Of a password: [`ErrorCode::ReauthenticationRequired`] when the account has a strong
/// factor, which is asked for instead; [`FieldIssue::Required`] or [`FieldIssue::PasswordWrong`] of
/// [`Field::CurrentPassword`]; [`ErrorCode::TooManyTries`], with which the session has ended;
/// [`ErrorCode::NotFound`] for an account without a password, which a mail leads to one. Of a factor:
/// [`ErrorCode::FactorUnavailable`] when the account has none of its kind, and for a mailed code, which is no proof of
/// a factor; [`ErrorCode::WrongCode`], [`ErrorCode::PasskeyRefused`], [`ErrorCode::FactorsLocked`].
pub async fn reauthenticate(auth: &Auth, caller: &Caller, proof: &FreshProof, context: &Context) -> Result<()> {
    let session = auth.session_of(caller).await?;
    if session.impersonation.is_some() {
        return Err(ErrorCode::ReadOnly.into());
    }
    let user = auth.store.user(&caller.user_id).await?.ok_or(ErrorCode::SignedOut)?;
    match proof {
        // Not even compared: a password that proves nothing is not guessed at here.
        FreshProof::Password(_) if user.factors.has_strong() => {
            Err(reauthentication_required(auth, &session).await?.into())
        }
        FreshProof::Password(password) => prove_by_password(auth, caller, &user, password, context).await,
        FreshProof::Factor(proof) => prove_by_factor(auth, caller, &user, proof, context).await,
    }
}

async fn prove_by_password(
    auth: &Auth,
    caller: &Caller,
    user: &UserRow,
    password: &SecretString,
    context: &Context,
) -> Result<()> {
    let hash = user.password_hash.as_deref().ok_or(ErrorCode::NotFound)?;
    verify_own_password(auth, caller, user, hash, password, context).await?;
    let mut tx = auth.store.begin().await?;
    // Holds the account: a password that was changed since it was verified proves nobody.
    if !tx.replace_password_hash(&user.id, Some(hash), hash).await? {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    if !tx.set_authenticated(&caller.session_id, auth.now()).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    tx.commit().await?;
    Ok(())
}

async fn prove_by_factor(
    auth: &Auth,
    caller: &Caller,
    user: &UserRow,
    proof: &FactorProof,
    context: &Context,
) -> Result<()> {
    if !proof.method().is_strong() {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    let bound = Bound::Session(&caller.session_id);
    let mut tx = begin_with_factor(auth, user, &bound, proof, context).await?;
    // A session that ended meanwhile is not proved, and the code was not used.
    if !tx.set_factor_proved(&caller.session_id, proof.method(), auth.now()).await? {
        return Err(ErrorCode::SignedOut.into());
    }
    tx.commit().await?;
    auth.wake_worker();
    Ok(())
}

/// The caller's session, when its person was proved in the last 15 minutes, by the factor if the account has a strong
/// one.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::ReauthenticationRequired`] with what would prove them;
/// [`ErrorCode::ReadOnly`] in the place of somebody else.
pub async fn require_fresh_proof(auth: &Auth, caller: &Caller) -> Result<SessionRow> {
    let session = auth.session_of(caller).await?;
    require_fresh(auth, session).await
}

/// The same of an act that a program may do as well. Whoever made its token was proved then, and gave it the scope; there
/// is nobody to ask.
pub(super) async fn require_fresh_actor(auth: &Auth, actor: &Actor) -> Result<()> {
    match actor.caller() {
        Some(caller) => require_fresh_proof(auth, &caller).await.map(|_| ()),
        None => Ok(()),
    }
}

/// The same of a session that was read already.
pub(super) async fn require_fresh(auth: &Auth, session: SessionRow) -> Result<SessionRow> {
    // Who acts in another's place proves nothing of that person, and does nothing that asks for a proof of them.
    if session.impersonation.is_some() {
        return Err(ErrorCode::ReadOnly.into());
    }
    let proved_at = match session.factor {
        _ if !session.factors.has_strong() => session.authenticated_at,
        Some(factor) if factor.is_strong() => session.factor_at,
        _ => return Err(reauthentication_required(auth, &session).await?.into()),
    };
    if proved_at.plus_seconds(auth.lifetimes.fresh_proof) <= auth.now() {
        return Err(reauthentication_required(auth, &session).await?.into());
    }
    Ok(session)
}

/// Refuses to finish what was begun before the account got the strong factor that it has now, in a session that proved
/// none: whoever holds such a session may not be the person. For use in a transaction that holds the account.
pub(super) fn require_proved_once(session: &SessionRow, factors: &Factors) -> Result<()> {
    if factors.has_strong() && !session.factor.is_some_and(FactorMethod::is_strong) {
        return Err(ErrorCode::ReauthenticationRequired.into());
    }
    Ok(())
}

/// The refusal that says what would prove the person of this session, the strongest first.
pub(super) async fn reauthentication_required(auth: &Auth, session: &SessionRow) -> Result<Refusal> {
    let factors = proving_factors(auth, &session.factors, &session.user_id).await?;
    let methods: Vec<&'static str> = if factors.is_empty() {
        session.has_password.then_some("password").into_iter().collect()
    } else {
        factors.into_iter().map(FactorMethod::as_str).collect()
    };
    Ok(Refusal { methods, ..ErrorCode::ReauthenticationRequired.into() })
}

/// Spends a try and compares; a wrong password leaves a line in the activity.
pub(super) async fn verify_own_password(
    auth: &Auth,
    caller: &Caller,
    user: &UserRow,
    hash: &str,
    password: &SecretString,
    context: &Context,
) -> Result<()> {
    let refused = |issue| -> Result<()> { Err(Refusal::invalid(vec![(Field::CurrentPassword, issue)]).into()) };
    if password.expose_secret().is_empty() {
        return refused(FieldIssue::Required);
    }
    let Some(tries) = auth.store.spend_password_try(&caller.session_id).await? else {
        // It ended meanwhile, or as many as there may be are being compared right now.
        auth.session_of(caller).await?;
        return Err(Refusal::retry_after(ErrorCode::Busy, 1).into());
    };
    // In a task of its own: a request that is cut off must not keep its try.
    let comparing = compare(auth.clone(), caller.session_id.clone(), hash.to_owned(), password.clone());
    if tokio::spawn(comparing).await.map_err(anyhow::Error::from)?? != Verdict::Wrong {
        return Ok(());
    }
    note_refused_password(auth, &user.id, context).await?;
    if tries >= MAX_PASSWORD_TRIES {
        return lock(auth, caller, context).await;
    }
    refused(FieldIssue::PasswordWrong)
}

/// Compares, and gives the try back unless the password was wrong.
async fn compare(auth: Auth, session: SessionId, hash: String, password: SecretString) -> Result<Verdict> {
    let verdict = auth.hashes.verify(&password, Some(&hash)).await;
    if !matches!(verdict, Ok(Verdict::Wrong)) {
        auth.store.give_password_try_back(&session).await?;
    }
    verdict
}

/// Ends the session in which too many passwords were tried.
async fn lock(auth: &Auth, caller: &Caller, context: &Context) -> Result<()> {
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if tx.end_session(&caller.session_id, "too_many_tries", now).await? {
        let subject = (Some(&caller.user_id), Some(&caller.session_id));
        auth.audit(&mut tx, EventKind::SessionLocked, subject, context).await?;
    }
    tx.commit().await?;
    auth.revocations.insert(caller.session_id.clone(), now);
    Err(ErrorCode::TooManyTries.into())
}

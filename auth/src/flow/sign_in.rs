//! Signing in with a password.
//!
//! An unknown address costs the same reads, hashes and write as a known one, and gets the same
//! words (ASVS 5.0, 6.3.8). Somebody who knows the password of a sign-up that still waits is led to
//! its waiting page.

use secrecy::{ExposeSecret as _, SecretString};

use super::even_answer::Reads;
use super::new_device::{device_since, tell_of_new_device};
use super::refused_sign_in::note_refused_sign_in;
use super::resend_verification::renew;
use super::sign_up::SignUpTicket;
use crate::crypto::{Purpose, token_digest};
use crate::explain::{Step, note};
use crate::form::Credentials;
use crate::id::SessionId;
use crate::password::hash::Verdict;
use crate::store::{Entry, NewFamily, NewSession, SessionRow, SignUpRow, UserRow};
use crate::view::AccessGrant;
use crate::{Auth, Context, ErrorCode, EventKind, NewPassword, Result, Timestamp};

/// What a right password leads to.
pub enum SignIn {
    /// A session.
    SignedIn(SignedIn),
    /// The waiting page: the address is not proved yet.
    NeedsVerification(SignUpTicket),
}

/// A fresh session.
pub struct SignedIn {
    /// For the cookie, and nothing else.
    pub refresh_token: SecretString,
    /// For the memory of the page or program.
    pub access: AccessGrant,
}

/// Verifies the password and starts a session.
///
/// # Errors
/// [`ErrorCode::InvalidCredentials`], [`ErrorCode::ChangedMeanwhile`] when the password was changed while
/// it was verified, or [`ErrorCode::Busy`] when too many hash at once.
pub async fn sign_in(auth: &Auth, credentials: Credentials, context: &Context) -> Result<SignIn> {
    let mut reads = Reads::default();
    let found =
        reads.time(auth.store.account_at_the_door(&credentials.email, &context.device, device_since(auth))).await?;
    note(|| Step::AccountRead);
    let stored = found.as_ref().and_then(|(user, _)| user.password_hash.as_deref());
    let verdict = auth.hashes.verify(&credentials.password, stored).await?;
    note(|| Step::password_verified(stored));
    // Once its day has come, an account is gone, whether its rows are or not.
    let found = found.filter(|(user, _)| user.delete_at.is_none_or(|at| at > auth.now()));
    if let (Verdict::Right | Verdict::RightButOld, Some((user, knows_device))) = (verdict, &found) {
        return Ok(SignIn::SignedIn(enter(auth, user, *knows_device, verdict, &credentials, context).await?));
    }
    // A second hash, always: whether a sign-up waits shows in nothing. One for a known address waits
    // like any other, so who made it learns nothing about the account.
    let waiting = reads.time(auth.store.waiting_sign_up(&credentials.email, auth.now())).await?;
    let stored = waiting.as_ref().map(|waiting| &*waiting.password_hash);
    let verdict = auth.hashes.verify(&credentials.password, stored).await?;
    if let (Verdict::Right | Verdict::RightButOld, Some(waiting)) = (verdict, &waiting) {
        return take_over_waiting_page(auth, waiting, context).await;
    }
    let answer = reads.even_answer();
    note_refused_sign_in(auth, found.as_ref().map(|(user, _)| &user.id), &credentials.email, context).await?;
    answer.wait().await;
    Err(ErrorCode::InvalidCredentials.into())
}

/// Starts a session after a right password. Of parallel sign-ins that replace an older hash one wins;
/// the others find a new one in its place and verify that, once. After a change of the password it is
/// wrong.
async fn enter(
    auth: &Auth,
    user: &UserRow,
    knows_device: bool,
    verdict: Verdict,
    credentials: &Credentials,
    context: &Context,
) -> Result<SignedIn> {
    let upgraded = upgrade(auth, verdict, credentials).await?;
    if let Some(signed_in) = start_session(auth, user, knows_device, upgraded.as_deref(), "pwd", context).await? {
        return Ok(signed_in);
    }
    let user = auth.store.user(&user.id).await?.ok_or(ErrorCode::ChangedMeanwhile)?;
    let verdict = auth.hashes.verify(&credentials.password, user.password_hash.as_deref()).await?;
    if verdict == Verdict::Wrong {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    let upgraded = upgrade(auth, verdict, credentials).await?;
    let signed_in = start_session(auth, &user, knows_device, upgraded.as_deref(), "pwd", context).await?;
    Ok(signed_in.ok_or(ErrorCode::ChangedMeanwhile)?)
}

/// Every way in ends here: the one place that makes a session. `upgraded` is a hash of today's cost
/// for the same password. None when the account's hash is no longer the one that was verified.
async fn start_session(
    auth: &Auth,
    user: &UserRow,
    knows_device: bool,
    upgraded: Option<&str>,
    method: &str,
    context: &Context,
) -> Result<Option<SignedIn>> {
    let now = auth.now();
    let session = SessionRow {
        id: SessionId(auth.random.id(now)),
        user_id: user.id.clone(),
        email: user.email.clone(),
        name: user.name.clone(),
        role: user.role,
        locale: user.locale,
        time_zone: user.time_zone.clone(),
        user_created_at: user.created_at,
        has_password: user.password_hash.is_some(),
        method: method.to_owned(),
        device: context.device.clone(),
        created_at: now,
        authenticated_at: now,
        expires_at: now.plus_seconds(auth.lifetimes.session),
        delete_at: user.delete_at,
        token_version: user.token_version,
        factors: user.factors.clone(),
        factor: None,
        factor_at: Timestamp(0),
    };
    let refresh_token = auth.random.token();

    let verified = user.password_hash.as_deref();
    let family = NewFamily {
        session: NewSession {
            id: &session.id,
            user_id: &session.user_id,
            method,
            device: &session.device,
            address: &context.address,
            created_at: now,
            expires_at: session.expires_at,
            password_hash: upgraded.or(verified),
            factor: None,
        },
        token_digest: &token_digest(Purpose::RefreshToken, &refresh_token),
        event: auth.audit_event(EventKind::SessionStarted, (Some(&user.id), Some(&session.id)), context),
    };
    // Nothing to change and nobody to tell: most sign-ins.
    let at_once = if knows_device && upgraded.is_none() {
        auth.store.enter_at_once(&family, auth.hashes.are_more_on_their_way()).await?
    } else {
        None
    };
    let has_entered = match at_once {
        Some(has_entered) => has_entered,
        None => enter_step_by_step(auth, user, upgraded, &family, context).await?,
    };
    if !has_entered {
        return Ok(None);
    }
    if at_once.is_some() {
        note(|| Step::SessionWritten { session: session.id.clone(), user: user.id.clone(), at_once: true });
    }
    let access = auth.grant_access(&session)?;
    note(|| Step::access_token_signed(&access.access_token));
    Ok(Some(SignedIn { refresh_token, access }))
}

/// Holds the account to the commit. A password that was changed since it was verified lets nobody in,
/// and a change that comes now waits, and then ends this session with all others.
async fn enter_step_by_step(
    auth: &Auth,
    user: &UserRow,
    upgraded: Option<&str>,
    family: &NewFamily<'_>,
    context: &Context,
) -> Result<bool> {
    let verified = user.password_hash.as_deref();
    let entry = Entry {
        user_id: &user.id,
        verified,
        password_hash: upgraded.or(verified),
        device: &context.device,
        device_since: device_since(auth),
    };
    let mut tx = auth.store.begin().await?;
    let Some(is_new_device) = tx.hold_for_entry(entry).await? else {
        // Before anything else asks for the one connection that writes to SQLite.
        tx.rollback().await?;
        return Ok(false);
    };
    note(|| Step::AccountHeld { is_new_device });
    if is_new_device {
        tell_of_new_device(auth, &mut tx, user, context, family.session.created_at).await?;
    }
    tx.insert_family(family).await?;
    let session = &family.session;
    note(|| Step::SessionWritten { session: session.id.clone(), user: session.user_id.clone(), at_once: false });
    tx.commit().await?;
    note(|| Step::Committed);
    if is_new_device {
        auth.wake_worker();
    }
    Ok(true)
}

async fn take_over_waiting_page(auth: &Auth, waiting: &SignUpRow, context: &Context) -> Result<SignIn> {
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

//! A sign-in that waits for its second factor: ten minutes, bound to the account and to the password that was
//! verified, in the browser or program that has its ticket (ASVS 5.0, 6.3.3 and 6.5.5). The ticket opens nothing but
//! the second half.

use secrecy::SecretString;

use super::admit::provider_of;
use super::gate::{PendingSignIn, Way};
use super::new_device::device_since;
use super::prove_factor::require_unlocked;
use super::refused_sign_in::factor_asked;
use super::unusual_sign_in::Unusual;
use crate::anomaly::Announced;
use crate::crypto::{Purpose, token_digest};
use crate::explain::{Step, note};
use crate::factor::proof::{PasskeyRequest, begin_passkey_proof, recovery_codes_left, send_code};
use crate::factor::{Bound, FREE_TRIES};
use crate::id::AnomalyId;
use crate::store::{Entry, NewPendingSignIn, UserRow};
use crate::view::PendingView;
use crate::{Auth, Context, ErrorCode, FactorMethod, Result};

/// Seconds for which it waits. Also how long its cookie is kept.
pub const SECOND_FACTOR_SECONDS: i64 = 10 * 60;
/// Sign-ins of one account that wait at the same time; a further one ends the oldest. More than may be asked for in ten
/// minutes: each counts as a try of the address.
const MOST: i64 = 20;

/// A sign-in that waits, with its account as it is now.
pub(super) struct Waiting {
    pub(super) digest: String,
    pub(super) method: String,
    pub(super) user: UserRow,
    /// The unusual sign-in that it is.
    pub(super) anomaly: Option<AnomalyId>,
    /// What the owner heard of it.
    pub(super) announced: Announced,
}

impl Waiting {
    /// The sign-in of a ticket.
    ///
    /// # Errors
    /// [`ErrorCode::SecondFactorExpired`] for a ticket that is used, replaced, too old or invented, and when the
    /// password was changed since, the provider that proved the first half was disconnected, or the account is gone;
    /// [`ErrorCode::AccountSuspended`] when it was suspended since.
    pub(super) async fn of(auth: &Auth, ticket: &SecretString) -> Result<Self> {
        let (digest, now) = (token_digest(Purpose::SecondFactorTicket, ticket), auth.now());
        let pending = auth.store.pending_sign_in(&digest, now).await?.ok_or(ErrorCode::SecondFactorExpired)?;
        let user = auth.store.user(&pending.user_id).await?.ok_or(ErrorCode::SecondFactorExpired)?;
        let is_gone = user.delete_at.is_some_and(|at| at <= now);
        if user.is_suspended(now) {
            return Err(ErrorCode::AccountSuspended.into());
        }
        if is_gone || password_digest(user.password_hash.as_deref()) != pending.password_digest {
            return Err(ErrorCode::SecondFactorExpired.into());
        }
        if !is_connected(auth, &user, &pending.method).await? {
            return Err(ErrorCode::SecondFactorExpired.into());
        }
        let (anomaly, announced) = (pending.anomaly, pending.announced);
        Ok(Self { digest, method: pending.method, user, anomaly, announced })
    }

    pub(super) fn bound(&self) -> Bound<'_> {
        if self.is_by_mail() { Bound::MailedSignIn(&self.digest) } else { Bound::SignIn(&self.digest) }
    }

    /// Whether a mailed code is asked for. An account that got a factor meanwhile is asked for that.
    pub(super) fn is_by_mail(&self) -> bool {
        self.announced == Announced::Mailed && self.user.factors.is_empty()
    }
}

/// Keeps a first half and gives the ticket of the second. None when the password hash is another one by now. An account
/// without factors comes here because its sign-in is unusual: it is asked for a mailed code.
pub(super) async fn ask(
    auth: &Auth,
    way: &Way<'_>,
    unusual: Option<&Unusual>,
    context: &Context,
) -> Result<Option<PendingSignIn>> {
    let (user, now) = (way.user, auth.now());
    let methods = offered(auth, user, user.factors.is_empty()).await?;
    let ticket = auth.random.token();
    let digest = token_digest(Purpose::SecondFactorTicket, &ticket);
    let verified = user.password_hash.as_deref();
    let password_hash = way.upgraded.or(verified);
    let entry = Entry {
        user_id: &user.id,
        verified,
        password_hash,
        device: &context.device,
        device_since: device_since(auth),
        passes_factors: true,
        now,
    };
    let mut tx = auth.store.begin().await?;
    if tx.hold_for_entry(entry).await?.is_none() {
        tx.rollback().await?;
        return Ok(None);
    }
    let announced = match unusual {
        Some(unusual) => unusual.note_question(auth, &mut tx, user, &digest, context).await?,
        None => Announced::No,
    };
    let pending = NewPendingSignIn {
        digest: &digest,
        user_id: &user.id,
        method: way.method,
        password_digest: &password_digest(password_hash),
        device: &context.device,
        address: &context.address,
        anomaly: unusual.map(|unusual| &unusual.id),
        announced,
        created_at: now,
        expires_at: now.plus_seconds(SECOND_FACTOR_SECONDS),
    };
    tx.insert_pending_sign_in(pending, MOST).await?;
    tx.insert_audit_event(factor_asked(auth, &user.id, context)).await?;
    tx.commit().await?;
    if announced != Announced::No {
        auth.wake_worker();
    }
    note(|| Step::SecondFactorAsked);
    Ok(Some(PendingSignIn { ticket, methods }))
}

/// What somebody sees whose sign-in waits. Changes nothing.
///
/// # Errors
/// [`ErrorCode::SecondFactorExpired`].
pub async fn pending_sign_in(auth: &Auth, ticket: &SecretString) -> Result<PendingView> {
    let waiting = Waiting::of(auth, ticket).await?;
    let is_by_mail = waiting.is_by_mail();
    let user = waiting.user;
    let methods = offered(auth, &user, is_by_mail).await?;
    let budget = auth.store.factor_budget(&user.id).await?;
    let (wrong, locked_until) = budget.ok_or(ErrorCode::SecondFactorExpired)?;
    let locked_for = locked_until.seconds_since(auth.now()).max(0);
    Ok(PendingView {
        email: user.email,
        methods,
        tries_left: u32::try_from((FREE_TRIES - wrong).max(1)).unwrap_or(1),
        locked_for: u32::try_from(locked_for).unwrap_or(u32::MAX),
        is_by_mail,
    })
}

/// Sends a code by mail or SMS for a sign-in that waits; the one sent before is dead.
///
/// # Errors
/// [`ErrorCode::SecondFactorExpired`]; [`ErrorCode::FactorUnavailable`] for a kind that is not sent, or not the
/// account's; [`ErrorCode::FactorsLocked`] while no code is looked at; [`ErrorCode::TooSoon`] with `retry_after`.
pub async fn send_second_factor_code(
    auth: &Auth,
    ticket: &SecretString,
    method: FactorMethod,
    context: &Context,
) -> Result<()> {
    let waiting = Waiting::of(auth, ticket).await?;
    let is_sent = matches!(method, FactorMethod::SmsCode | FactorMethod::EmailCode);
    let has_it = waiting.user.factors.contains(method) || waiting.is_by_mail() && method == FactorMethod::EmailCode;
    if !is_sent || !has_it {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    require_unlocked(auth, &waiting.user).await?;
    send_code(auth, &waiting.user, method, &waiting.bound(), context).await
}

/// What a browser needs to ask for a passkey, for a sign-in that waits.
///
/// # Errors
/// [`ErrorCode::SecondFactorExpired`]; [`ErrorCode::FactorUnavailable`] when the account has no passkey.
pub async fn second_factor_passkey(auth: &Auth, ticket: &SecretString) -> Result<PasskeyRequest> {
    let waiting = Waiting::of(auth, ticket).await?;
    begin_passkey_proof(auth, &waiting.user, &waiting.bound()).await
}

/// The factors that an account may prove, strongest first; recovery codes at the end, while there are unused ones. Where a
/// code is mailed in their place, that alone.
async fn offered(auth: &Auth, user: &UserRow, is_by_mail: bool) -> Result<Vec<FactorMethod>> {
    if is_by_mail {
        return Ok(vec![FactorMethod::EmailCode]);
    }
    let mut methods: Vec<_> = user.factors.iter().collect();
    if !methods.contains(&FactorMethod::RecoveryCode) && recovery_codes_left(auth, &user.id).await? > 0 {
        methods.push(FactorMethod::RecoveryCode);
    }
    Ok(methods)
}

/// Whether the account still has the provider that proved the first half, if one did.
async fn is_connected(auth: &Auth, user: &UserRow, method: &str) -> Result<bool> {
    let Some(provider) = provider_of(method) else { return Ok(true) };
    let connections = auth.store.connections_of(&user.id).await?;
    Ok(connections.iter().any(|connection| connection.provider.as_str() == provider))
}

/// Empty for an account without a password.
fn password_digest(hash: Option<&str>) -> String {
    hash.map(|hash| token_digest(Purpose::PasswordHash, &SecretString::from(hash))).unwrap_or_default()
}

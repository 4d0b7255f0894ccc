//! The one gate: every way in ends here, and nowhere else is a session made.
//!
//! Whoever has a second factor is asked for it, however the first half was proved. What was asked is a condition of
//! the statement that makes the session, beside the password that was verified: an account that gets a factor, or
//! another password, in the same moment lets nobody in who did not prove it.

use secrecy::SecretString;

use super::new_device::{device_since, tell_of_new_device};
use super::pending_sign_in::{Waiting, ask};
use super::refused_sign_in::note_suspended_sign_in;
use super::trusted_device::{live_digest, trust_device};
use super::unusual_sign_in::{Unusual, judge};
use crate::anomaly::{Announced, AnomalyOutcome};
use crate::crypto::{Purpose, token_digest};
use crate::explain::{Step, note};
use crate::id::SessionId;
use crate::store::{Acquaintance, Entry, ImpersonationRow, NewFamily, NewSession, SessionRow, Transaction, UserRow};
use crate::view::AccessGrant;
use crate::{Auth, Context, ErrorCode, EventKind, FactorMethod, Result, Timestamp};

/// How a session begins in which an administrator acts in the place of its person.
const IMPERSONATION: &str = "impersonation";

/// What a way in ends in.
pub enum Entered {
    /// A session.
    SignedIn(SignedIn),
    /// The second half: a factor is asked for.
    NeedsSecondFactor(PendingSignIn),
}

/// A fresh session.
pub struct SignedIn {
    /// For the cookie, and nothing else.
    pub refresh_token: SecretString,
    /// For the memory of the page or program.
    pub access: AccessGrant,
}

/// A sign-in whose first half is done.
pub struct PendingSignIn {
    /// Leads to the second half, for ten minutes, and to nothing else.
    pub ticket: SecretString,
    /// The factors that may be proved, strongest first; recovery codes, the last resort, at the end.
    pub methods: Vec<FactorMethod>,
}

/// A first half that was proved.
pub(super) struct Way<'a> {
    /// Whose account it enters, as it was read when the first half was proved.
    pub(super) user: &'a UserRow,
    /// What the account knows of whoever comes, read with it.
    pub(super) known: &'a Acquaintance,
    /// A hash of today's cost for the same password.
    pub(super) upgraded: Option<&'a str>,
    /// How it was proved: `pwd`, `passkey`, or `provider:` with its name, and `:mfa` where it proved a second factor.
    pub(super) method: &'a str,
    /// The factor that was proved with it, as by a passkey with user verification.
    pub(super) factor: Option<FactorMethod>,
    /// Whether a provider that is trusted with it proved a second factor of its own.
    pub(super) proved_elsewhere: bool,
    /// When the person last proved themselves, where that is told and not now: a provider lets in whoever has a session
    /// there.
    pub(super) proved_at: Option<Timestamp>,
    /// The cookie of a device that may be trusted.
    pub(super) trusted: Option<&'a SecretString>,
}

/// Why no factor is asked for.
enum Pass {
    /// The account has none.
    NoFactor,
    /// One was proved.
    Proved(FactorMethod),
    /// A provider proved one of its own. It is none of ours: a risky act asks for ours still.
    Elsewhere,
    /// The device with this digest is trusted.
    Trusted(String),
}

impl Pass {
    fn factor(&self) -> Option<FactorMethod> {
        match self {
            Self::Proved(method) => Some(*method),
            Self::NoFactor | Self::Elsewhere | Self::Trusted(_) => None,
        }
    }

    /// What becomes of an unusual sign-in that passes so.
    const fn outcome(&self) -> AnomalyOutcome {
        match self {
            Self::Proved(_) | Self::Elsewhere => AnomalyOutcome::Proved,
            Self::NoFactor | Self::Trusted(_) => AnomalyOutcome::LetIn,
        }
    }
}

/// What is left to do once a session lasts.
struct Left {
    /// A mail waits to be sent.
    has_mail: bool,
    /// Sessions that ended for it: an account keeps so many.
    ended: Vec<SessionId>,
}

/// What the owner of an account heard of a sign-in before its session begins.
enum Heard<'a> {
    /// Nothing yet.
    Nothing,
    /// Nothing yet, and it is unusual.
    Of(&'a Unusual),
    /// A mail told of it.
    Everything,
}

/// Starts a session, or asks for the second factor. None when the account is not what it was when the first half was
/// proved: its password hash is another one by now, it has a factor, or the device is not trusted any more.
///
/// # Errors
/// [`ErrorCode::AccountSuspended`]: whoever comes here has proved who they are, and is told.
pub(super) async fn enter(auth: &Auth, way: Way<'_>, context: &Context) -> Result<Option<Entered>> {
    require_open(auth, way.user, context).await?;
    let unusual = judge(auth, &way, context).await?;
    // Then a trusted device is asked as well, and an account without a factor for a mailed code.
    let asks = unusual.as_ref().is_some_and(|unusual| unusual.asks(auth));
    let pass = match (way.factor, way.trusted.filter(|_| !asks)) {
        (Some(method), _) => Pass::Proved(method),
        (None, _) if way.proved_elsewhere => Pass::Elsewhere,
        (None, _) if way.user.factors.is_empty() && !asks => Pass::NoFactor,
        (None, trusted) => match live_digest(auth, way.user, trusted).await? {
            Some(digest) => Pass::Trusted(digest),
            None => {
                let asked = ask(auth, &way, unusual.as_ref(), context).await?;
                return Ok(asked.map(Entered::NeedsSecondFactor));
            }
        },
    };
    Ok(start_session(auth, &way, &pass, unusual.as_ref(), context).await?.map(Entered::SignedIn))
}

/// Refuses whom an administrator suspended, and notes that they came.
async fn require_open(auth: &Auth, user: &UserRow, context: &Context) -> Result<()> {
    if user.is_suspended(auth.now()) {
        note_suspended_sign_in(auth, &user.id, context).await?;
        return Err(ErrorCode::AccountSuspended.into());
    }
    Ok(())
}

async fn start_session(
    auth: &Auth,
    way: &Way<'_>,
    pass: &Pass,
    unusual: Option<&Unusual>,
    context: &Context,
) -> Result<Option<SignedIn>> {
    let user = way.user;
    let mut session = new_session(auth, user, way.method, pass.factor(), context);
    session.authenticated_at = way.proved_at.map_or(session.created_at, |at| at.min(session.created_at));
    let is_proved_now = session.authenticated_at == session.created_at;
    let refresh_token = auth.random.token();
    let digest = token_digest(Purpose::RefreshToken, &refresh_token);
    let family = NewFamily {
        session: NewSession {
            password_hash: way.upgraded.or(user.password_hash.as_deref()),
            passes_factors: !matches!(pass, Pass::NoFactor),
            ..stored(&session, context)
        },
        token_digest: &digest,
        event: auth.audit_event(EventKind::SessionStarted, (Some(&user.id), Some(&session.id)), context),
    };
    // Nothing to change and nobody to tell: most sign-ins.
    let is_plain = way.known.knows_device && unusual.is_none() && way.upgraded.is_none() && is_proved_now;
    let at_once = if is_plain && !way.known.is_crowded && !matches!(pass, Pass::Trusted(_)) {
        auth.store.enter_at_once(&family, auth.hashes.are_more_on_their_way()).await?
    } else {
        None
    };
    match at_once {
        Some(false) => return Ok(None),
        Some(true) => {
            note(|| Step::SessionWritten { session: session.id.clone(), user: user.id.clone(), at_once: true });
        }
        None => {
            let mut tx = auth.store.begin().await?;
            let heard = unusual.map_or(Heard::Nothing, Heard::Of);
            let Some(left) = step_in(auth, &mut tx, user, (pass, heard), &family, context).await? else {
                // Before anything else asks for the one connection that writes to SQLite.
                tx.rollback().await?;
                return Ok(None);
            };
            if !is_proved_now {
                tx.set_authenticated(&session.id, session.authenticated_at).await?;
            }
            commit(auth, tx, left, session.created_at).await?;
        }
    }
    signed_in(auth, &session, refresh_token).map(Some)
}

/// Finishes a sign-in that waited, in the transaction in which its factor was consumed: the ticket is consumed in the
/// same one. With `trust` the factor is not asked for again in this browser; its cookie is given as well.
///
/// # Errors
/// [`ErrorCode::SecondFactorExpired`] when the ticket was used meanwhile, or the password is another one by now.
pub(super) async fn enter_with_factor(
    auth: &Auth,
    mut tx: Transaction,
    (waiting, method): (&Waiting, FactorMethod),
    trust: bool,
    context: &Context,
) -> Result<(SignedIn, Option<SecretString>)> {
    let user = &waiting.user;
    let session = new_session(auth, user, &waiting.method, Some(method), context);
    let refresh_token = auth.random.token();
    let digest = token_digest(Purpose::RefreshToken, &refresh_token);
    let family = NewFamily {
        session: NewSession {
            password_hash: user.password_hash.as_deref(),
            passes_factors: true,
            ..stored(&session, context)
        },
        token_digest: &digest,
        event: auth.audit_event(EventKind::SessionStarted, (Some(&user.id), Some(&session.id)), context),
    };
    let heard = if waiting.announced == Announced::No { Heard::Nothing } else { Heard::Everything };
    let entered = step_in(auth, &mut tx, user, (&Pass::Proved(method), heard), &family, context).await?;
    let left = entered.ok_or(ErrorCode::SecondFactorExpired)?;
    if let Some(anomaly) = &waiting.anomaly {
        tx.prove_anomaly(anomaly).await?;
    }
    // Before the ticket: who uses its code once more meanwhile ends the one or the other.
    tx.move_used_federation_code(&waiting.digest, &digest).await?;
    if !tx.use_pending_sign_in(&waiting.digest, session.created_at).await? {
        return Err(ErrorCode::SecondFactorExpired.into());
    }
    // A mailed code in place of a factor makes no device trusted: there is nothing that it would not be asked for.
    let trusted =
        if trust && !waiting.is_by_mail() { Some(trust_device(auth, &mut tx, user, context).await?) } else { None };
    // A device that is new or a recovery code that was used is told by mail.
    commit(auth, tx, Left { has_mail: true, ..left }, session.created_at).await?;
    Ok((signed_in(auth, &session, refresh_token)?, trusted))
}

/// Starts a session in which an administrator acts in the place of an account's person, as part of a transaction that
/// holds the account. Nobody proved that person, and no device becomes known by it.
pub(super) async fn enter_in_place_of(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserRow,
    (by, expires_at): (ImpersonationRow, Timestamp),
    context: &Context,
) -> Result<(SessionRow, SecretString)> {
    let session = SessionRow {
        expires_at,
        impersonation: Some(by.clone()),
        ..new_session(auth, user, IMPERSONATION, None, context)
    };
    let refresh_token = auth.random.token();
    let digest = token_digest(Purpose::RefreshToken, &refresh_token);
    let family = NewFamily {
        session: NewSession {
            password_hash: user.password_hash.as_deref(),
            passes_factors: true,
            ..stored(&session, context)
        },
        token_digest: &digest,
        event: auth.audit_event(EventKind::UserImpersonated, (Some(&user.id), Some(&session.id)), context),
    };
    tx.insert_family(&family).await?;
    tx.note_impersonation(&session.id, &by).await?;
    Ok((session, refresh_token))
}

/// Holds the account to the commit and writes the session; gives what is left to do then. A password that was
/// changed since it was verified lets nobody in, and a change that comes now waits, and then ends this session with
/// all others.
async fn step_in(
    auth: &Auth,
    tx: &mut Transaction,
    user: &UserRow,
    (pass, heard): (&Pass, Heard<'_>),
    family: &NewFamily<'_>,
    context: &Context,
) -> Result<Option<Left>> {
    let session = &family.session;
    let entry = Entry {
        user_id: &user.id,
        verified: user.password_hash.as_deref(),
        password_hash: session.password_hash,
        device: &context.device,
        device_since: device_since(auth),
        passes_factors: session.passes_factors,
        now: session.created_at,
    };
    let Some(is_new_device) = tx.hold_for_entry(entry).await? else { return Ok(None) };
    note(|| Step::AccountHeld { is_new_device });
    if let Pass::Trusted(digest) = pass
        && !tx.use_trusted_device(&user.id, digest, session.created_at).await?
    {
        return Ok(None);
    }
    // One mail for one sign-in.
    let is_told = match heard {
        Heard::Nothing => false,
        Heard::Everything => true,
        Heard::Of(unusual) => unusual.note_entry(auth, tx, user, pass.outcome(), context).await?,
    };
    if is_new_device && !is_told {
        tell_of_new_device(auth, tx, user, context, session.created_at).await?;
    }
    tx.insert_family(family).await?;
    note(|| Step::SessionWritten { session: session.id.clone(), user: session.user_id.clone(), at_once: false });
    let ended = tx.end_oldest_sessions(session.user_id, session.id, session.created_at).await?;
    Ok(Some(Left { has_mail: is_new_device || is_told, ended }))
}

async fn commit(auth: &Auth, tx: Transaction, left: Left, now: Timestamp) -> Result<()> {
    tx.commit().await?;
    note(|| Step::Committed);
    for session in left.ended {
        auth.revocations.insert(session, now);
    }
    if left.has_mail {
        auth.wake_worker();
    }
    Ok(())
}

fn signed_in(auth: &Auth, session: &SessionRow, refresh_token: SecretString) -> Result<SignedIn> {
    auth.limits.know_device(&session.email);
    let access = auth.grant_access(session)?;
    note(|| Step::access_token_signed(&access.access_token));
    Ok(SignedIn { refresh_token, access })
}

/// A session that begins now.
fn new_session(
    auth: &Auth,
    user: &UserRow,
    method: &str,
    factor: Option<FactorMethod>,
    context: &Context,
) -> SessionRow {
    let now = auth.now();
    SessionRow {
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
        factor_required_from: user.factor_required_from,
        organization_factor_from: user.organization_factor_from,
        factor,
        factor_at: if factor.is_some() { now } else { Timestamp(0) },
        // A session begins in none: its person chooses one.
        working_in: None,
        impersonation: None,
    }
}

/// The session as it is stored, for an account without a password and without a factor.
fn stored<'a>(session: &'a SessionRow, context: &'a Context) -> NewSession<'a> {
    NewSession {
        id: &session.id,
        user_id: &session.user_id,
        method: &session.method,
        device: &session.device,
        address: &context.address,
        created_at: session.created_at,
        expires_at: session.expires_at,
        password_hash: None,
        factor: session.factor,
        passes_factors: false,
    }
}

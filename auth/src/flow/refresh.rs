//! Rotating the refresh token (RFC 9700, 4.14.2) so that no honest client is ever signed out.
//!
//! Each token has exactly one successor, computed from it. For 30 seconds a rotated token still
//! leads to the newest of its family: two tabs, a lost answer and five parallel requests all end
//! with one cookie. After that, using it again means that two parties hold it: the family ends.

use secrecy::SecretString;

use super::factor_policy::meet_requirement;
use super::secure_account::new_notice_link;
use super::unusual_sign_in::note_reuse;
use crate::crypto::{Purpose, token_digest};
use crate::mail::{Mail, Message};
use crate::meter::RefreshOutcome;
use crate::store::{Elsewhere, Presented, SessionRow};
use crate::token::Rights;
use crate::view::AccessGrant;
use crate::weakened::{self, Defence};
use crate::{Auth, Context, ErrorCode, EventKind, Result, Timestamp};

/// Rotations within the grace that are followed to the newest token.
const MAX_STEPS: i64 = 64;

/// A session that goes on.
pub struct Refreshed {
    /// For the cookie, and nothing else.
    pub refresh_token: SecretString,
    /// For the memory of the page or program.
    pub access: AccessGrant,
    pub(super) session: SessionRow,
}

/// Exchanges a refresh token for its successor and an access token.
///
/// # Errors
/// [`ErrorCode::SignedOut`] when the token is unknown, its session ended, or it was used again too
/// late; then the whole family is over.
pub async fn refresh(auth: &Auth, token: &SecretString, context: &Context) -> Result<Refreshed> {
    let exchanged = exchange(auth, token, context).await;
    let outcome = exchanged.as_ref().map_or_else(RefreshOutcome::of_error, |(_, outcome)| *outcome);
    auth.meters.refreshes.note(outcome);
    exchanged.map(|(refreshed, _)| refreshed)
}

async fn exchange(auth: &Auth, token: &SecretString, context: &Context) -> Result<(Refreshed, RefreshOutcome)> {
    let mut presented = auth.presented(token).await?;
    meet_requirement(auth, &mut presented.session).await?;
    let refresh_token = match presented.rotated_at {
        None => rotate(auth, token, presented.elsewhere(&context.address, &context.device)).await?,
        Some(rotated_at) if is_within_grace(auth, &presented, rotated_at) || weakened::is_off(Defence::Reuse) => {
            newest_of_family(auth, token, &presented)?
        }
        Some(_) => {
            end_reused_family(auth, &presented, context).await?;
            return Err(ErrorCode::SignedOut.into());
        }
    };
    let outcome = if presented.rotated_at.is_some() { RefreshOutcome::Repeated } else { RefreshOutcome::Rotated };
    let session = presented.session;
    let access = auth.grant_access(&session)?;
    Ok((Refreshed { refresh_token, access, session }, outcome))
}

/// Whether who brings a token that was rotated then may have missed the answer with its successor.
pub(super) fn is_within_grace(auth: &Auth, presented: &Presented, rotated_at: Timestamp) -> bool {
    let grace = auth.lifetimes.rotation_grace;
    // In a time to come, for a clock was set back: how long ago that was, nobody knows. Who missed an answer brings the token
    // before the newest; the answers to older ones were heard, and whoever brings one has copied it.
    if rotated_at > auth.now().plus_seconds(grace) {
        return presented.newest_generation - presented.generation == 1;
    }
    let until = rotated_at.plus_seconds(grace);
    // A clock that was set ahead an hour a moment ago makes nobody a thief who repeats what was not answered; nor does a
    // database that committed, was gone before it said so, and for too long to be asked again.
    let uncounted = || auth.clock.lately_ahead().saturating_add(auth.store.lately_gone());
    until > auth.now() || Timestamp(until.0.saturating_add(uncounted())) > auth.now()
}

/// Makes the successor the newest token, unless another request was faster.
async fn rotate(auth: &Auth, token: &SecretString, elsewhere: Elsewhere) -> Result<SecretString> {
    let successor = auth.successor.of(token);
    let digests = [token, &successor].map(|token| token_digest(Purpose::RefreshToken, token));
    if auth.store.rotate(&digests[0], &digests[1], elsewhere, auth.now()).await? {
        return Ok(successor);
    }
    newest_of_family(auth, token, &auth.presented(token).await?)
}

/// Follows the chain of successors to the token that was not rotated yet.
pub(super) fn newest_of_family(auth: &Auth, token: &SecretString, presented: &Presented) -> Result<SecretString> {
    let steps = presented.newest_generation - presented.generation;
    if !(1..=MAX_STEPS).contains(&steps) {
        return Err(ErrorCode::SignedOut.into());
    }
    let mut newest = auth.successor.of(token);
    for _ in 1..steps {
        newest = auth.successor.of(&newest);
    }
    Ok(newest)
}

/// Ends a family one of whose tokens was used twice: somebody else has it.
pub(super) async fn end_reused_family(auth: &Auth, presented: &Presented, context: &Context) -> Result<()> {
    let (session, now) = (&presented.session, auth.now());
    let mut tx = auth.store.begin().await?;
    if !tx.end_session(&session.id, "refresh_token_reuse", now).await? {
        return Ok(());
    }
    tx.note_reused_generation(&session.id, presented.generation).await?;
    let subject = (Some(&session.user_id), Some(&session.id));
    auth.audit(&mut tx, EventKind::SessionRefreshTokenReused, subject, context).await?;
    note_reuse(auth, &mut tx, session, context).await?;
    let message = Message::SessionReused {
        name: session.name.clone(),
        device: session.device.clone(),
        at: now,
        link: new_notice_link(auth, &mut tx, &session.user_id, &session.email, now).await?,
    };
    let mail = Mail { to: session.email.clone(), locale: session.locale, message };
    auth.promise_mail(&mut tx, &mail).await?;
    tx.commit().await?;
    auth.revocations.insert(session.id.clone(), now);
    auth.meters.note_reuse();
    auth.wake_worker();
    Ok(())
}

impl Auth {
    /// The token with its live family; refused when it is unknown, or the session ended or was idle
    /// for too long.
    pub(super) async fn presented(&self, token: &SecretString) -> Result<Presented> {
        let now = self.now();
        let idle_since = now.minus_seconds(self.lifetimes.session_idle);
        let digest = token_digest(Purpose::RefreshToken, token);
        self.store.presented(&digest, now, idle_since).await?.ok_or_else(|| ErrorCode::SignedOut.into())
    }

    /// An access token for a live session.
    pub(super) fn grant_access(&self, session: &SessionRow) -> Result<AccessGrant> {
        let now = self.now();
        // It outlives neither its session nor its account: both end by themselves, unseen by any node.
        let end = session.delete_at.map_or(session.expires_at, |at| at.min(session.expires_at));
        let lifetime = self.lifetimes.access.min(end.seconds_since(now));
        let rights = Rights::of(session, &self.factor_policy, now);
        let access_token = self.access_tokens.issue(session, rights, self.random.id(now), now, lifetime)?;
        Ok(AccessGrant {
            access_token,
            token_type: "Bearer".to_owned(),
            expires_in: u32::try_from(lifetime).unwrap_or(0),
        })
    }
}

//! Sign-ins of one moment in one commit, on SQLite. Each visit to its thread costs more than what is
//! asked there, and each commit waits for the disk: those who sign in together pay for both less often.

use sqlx::error::ErrorKind::NotNullViolation;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use super::audit::INSERT_EVENT;
use super::connections::Connections;
use super::faults::{is_stuck, like};
use super::refresh_tokens::INSERT_FIRST_TOKEN;
use super::sessions::INSERT_SESSION;
use super::transaction::{BEGIN, COMMIT, OpenTransaction, joined};
use super::{AuditEvent, NewFamily, NewSession, Result, Store};
use crate::audit::LineProof;
use crate::id::{SessionId, UserId};
use crate::{EventKind, FactorMethod, Timestamp};

/// Sign-ins in one commit.
const BATCH: usize = 8;
/// Sign-ins that may wait before further ones wait for a place.
const QUEUE: usize = 256;
/// How long a commit waits for company, where there is some on its way (PostgreSQL knows the same as
/// `commit_delay` and `commit_siblings`). Whoever signs in alone waits for nobody.
const COMPANY: Duration = Duration::from_millis(20);

/// The text that lets in so many at once, less one.
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let family = [INSERT_SESSION, INSERT_FIRST_TOKEN, INSERT_EVENT];
    (1..=BATCH).map(|several| joined(&[&[BEGIN][..], &family.repeat(several), &[COMMIT]].concat())).collect()
});

/// The way to the task that commits.
pub(super) type Entrances = mpsc::Sender<Entrance>;

/// A sign-in that changes nothing in the account and tells nobody.
pub(super) struct Entrance {
    session_id: SessionId,
    user_id: UserId,
    method: String,
    device: String,
    address: String,
    now: Timestamp,
    expires_at: Timestamp,
    password_hash: Option<String>,
    factor: Option<FactorMethod>,
    passes_factors: bool,
    token_digest: String,
    event_id: String,
    /// The line's own moment: the clock went on since the session's, and the line proves its own.
    event_at: Timestamp,
    request_id: String,
    proof: LineProof,
    has_company: bool,
    done: oneshot::Sender<Result<bool>>,
}

/// Starts the task; it ends with the last store that sends to it.
pub(super) fn start(write: Connections) -> Entrances {
    let (sender, mut receiver) = mpsc::channel(QUEUE);
    tokio::spawn(async move {
        while let Some(first) = receiver.recv().await {
            let mut batch = gather(first, &mut receiver).await;
            match enter(&write, &mut batch).await {
                // One of several has another password or a factor by now: each for itself.
                Ok(false) if batch.len() > 1 => {
                    for one in batch {
                        let mut alone = vec![one];
                        let entered = enter(&write, &mut alone).await;
                        answer(alone, &entered);
                    }
                }
                entered => {
                    let is_vain = entered.as_ref().is_err_and(is_stuck);
                    answer(batch, &entered);
                    // Whoever waits behind them has waited for as long.
                    while is_vain && let Ok(waiting) = receiver.try_recv() {
                        answer(vec![waiting], &entered);
                    }
                }
            }
        }
    });
    sender
}

fn answer(batch: Vec<Entrance>, entered: &Result<bool>) {
    for one in batch {
        let _ = one.done.send(entered.as_ref().copied().map_err(like));
    }
}

async fn gather(first: Entrance, receiver: &mut mpsc::Receiver<Entrance>) -> Vec<Entrance> {
    let until = Instant::now() + if first.has_company { COMPANY } else { Duration::ZERO };
    let mut batch = vec![first];
    while batch.len() < BATCH
        && let Ok(Some(next)) = timeout_at(until, receiver.recv()).await
    {
        batch.push(next);
    }
    batch
}

/// Lets all of them in or none; `false` when the password hash of one is another by now, or it has a factor.
async fn enter(write: &Connections, batch: &mut Vec<Entrance>) -> Result<bool> {
    let mut transaction = OpenTransaction::about_to_begin(write).await?;
    // Whoever went away while waiting for the place is not signed in: no token would reach them.
    batch.retain(|one| !one.done.is_closed());
    let Some(text) = batch.len().checked_sub(1).map(|several| TEXTS.get(several)) else {
        transaction.was_committed();
        return Ok(true);
    };
    let text = text.ok_or_else(|| sqlx::Error::Protocol("more sign-ins than there is a text for".to_owned()))?;
    let statement = batch.iter().fold(sqlx::query(text.as_str()), |statement, one| one.family().bind(statement));
    let done = statement.execute(&mut *transaction).await;
    if done.as_ref().err().and_then(sqlx::Error::as_database_error).is_some_and(|e| e.kind() == NotNullViolation) {
        transaction.rollback().await?;
        return Ok(false);
    }
    done?;
    transaction.was_committed();
    Ok(true)
}

impl Entrance {
    fn family(&self) -> NewFamily<'_> {
        NewFamily {
            session: NewSession {
                id: &self.session_id,
                user_id: &self.user_id,
                method: &self.method,
                device: &self.device,
                address: &self.address,
                created_at: self.now,
                expires_at: self.expires_at,
                password_hash: self.password_hash.as_deref(),
                factor: self.factor,
                passes_factors: self.passes_factors,
            },
            token_digest: &self.token_digest,
            event: AuditEvent {
                user_id: Some(&self.user_id),
                session_id: Some(&self.session_id),
                address: &self.address,
                device: &self.device,
                request_id: &self.request_id,
                proof: self.proof.clone(),
                ..AuditEvent::new(self.event_id.clone(), self.event_at, EventKind::SessionStarted)
            },
        }
    }
}

impl Store {
    /// Stores a session with its first token and its line in the audit log; `false` when the account's
    /// password hash is another one by now, or it has a factor that nobody asked for. `has_company`: others are on their way and may share the
    /// commit. None on PostgreSQL, where the account's row has to be held first.
    pub async fn enter_at_once(&self, family: &NewFamily<'_>, has_company: bool) -> Result<Option<bool>> {
        let Some(entrances) = &self.entrances else { return Ok(None) };
        let NewFamily { session, token_digest, event } = family;
        let (done, outcome) = oneshot::channel();
        let entrance = Entrance {
            session_id: session.id.clone(),
            user_id: session.user_id.clone(),
            method: session.method.to_owned(),
            device: session.device.to_owned(),
            address: session.address.to_owned(),
            now: session.created_at,
            expires_at: session.expires_at,
            password_hash: session.password_hash.map(str::to_owned),
            factor: session.factor,
            passes_factors: session.passes_factors,
            token_digest: (*token_digest).to_owned(),
            event_id: event.id.clone(),
            event_at: event.at,
            request_id: event.request_id.to_owned(),
            proof: event.proof.clone(),
            has_company,
            done,
        };
        // What is not carried along would be missing in the line, which would then prove nothing.
        if entrance.family().event.said() != event.said() {
            return Ok(None);
        }
        if entrances.send(entrance).await.is_err() {
            return Ok(None);
        }
        outcome.await.map_err(|_| sqlx::Error::WorkerCrashed)?.map(Some)
    }
}

//! Rotating refresh tokens: the SQL, and the queue that puts the rotations of one moment into one
//! commit. A commit waits for the disk; sixteen that wait together wait once.

use sqlx::Row;
use std::collections::HashSet;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

use super::connections::Connections;
use super::faults::{is_stuck, like};
use super::{Elsewhere, Result, Store};
use crate::Timestamp;

/// Rotations in one statement: as many as it has places for.
const BATCH: usize = 16;
/// Rotations that may wait before further ones wait for a place.
const QUEUE: usize = 256;
/// How long a statement may take, its connection included: one that waits for a server that says nothing more must not hold
/// up all others. What came of it is found by whoever brings the same token again.
const PATIENCE: Duration = Duration::from_secs(20);

/// The way to the task that commits.
pub(super) type Rotations = mpsc::Sender<Rotation>;

/// One token to be rotated.
pub(super) struct Rotation {
    digest: String,
    successor: String,
    elsewhere: Elsewhere,
    now: Timestamp,
    done: oneshot::Sender<Result<bool>>,
}

/// Starts the task; it ends with the last store that sends to it.
pub(super) fn start(write: Connections) -> Rotations {
    let (sender, mut receiver) = mpsc::channel(QUEUE);
    tokio::spawn(async move {
        let mut batch = Vec::with_capacity(BATCH);
        while receiver.recv_many(&mut batch, BATCH).await > 0 {
            let stored = tokio::time::timeout(PATIENCE, insert_successors(&write, &mut batch)).await;
            match stored.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
                Ok(stored) => batch.drain(..).for_each(|one: Rotation| {
                    let is_stored = stored.contains(&one.successor);
                    let _ = one.done.send(Ok(is_stored));
                }),
                Err(error) => {
                    // Whoever waits behind a database that is stuck has waited for as long.
                    while is_stuck(&error)
                        && let Ok(waiting) = receiver.try_recv()
                    {
                        batch.push(waiting);
                    }
                    batch.drain(..).for_each(|one| {
                        let _ = one.done.send(Err(like(&error)));
                    });
                }
            }
        }
    });
    sender
}

impl Store {
    /// Makes the token `successor` the one that follows `digest`; `false` when another request was
    /// faster or the session ended. Of many parallel requests, on one node or several, one stores it.
    pub async fn rotate(&self, digest: &str, successor: &str, elsewhere: Elsewhere, now: Timestamp) -> Result<bool> {
        let (done, outcome) = oneshot::channel();
        let (digest, successor) = (digest.to_owned(), successor.to_owned());
        let rotation = Rotation { digest, successor, elsewhere, now, done };
        self.rotations.send(rotation).await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        outcome.await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }
}

/// Stores the successors of tokens that have none yet and whose session goes on; returns the stored
/// ones. Places without a rotation are NULL and match nothing. The order of insertion is that of the
/// digests, so that two nodes never wait for each other.
async fn insert_successors(write: &Connections, batch: &mut Vec<Rotation>) -> Result<HashSet<String>> {
    let mut connection = write.get().await?;
    // Whoever went away while waiting for the place gets no successor: none would reach them.
    batch.retain(|one| !one.done.is_closed());
    if batch.is_empty() {
        return Ok(HashSet::new());
    }
    let now = batch.iter().map(|one| one.now.0).max().unwrap_or_default();
    let mut query = sqlx::query(
        "WITH wanted (digest, successor, address, device) AS (VALUES \
             (CAST($2 AS TEXT),CAST($3 AS TEXT),CAST($4 AS TEXT),CAST($5 AS TEXT)), ($6,$7,$8,$9), \
             ($10,$11,$12,$13), ($14,$15,$16,$17), ($18,$19,$20,$21), ($22,$23,$24,$25), \
             ($26,$27,$28,$29), ($30,$31,$32,$33), ($34,$35,$36,$37), ($38,$39,$40,$41), \
             ($42,$43,$44,$45), ($46,$47,$48,$49), ($50,$51,$52,$53), ($54,$55,$56,$57), \
             ($58,$59,$60,$61), ($62,$63,$64,$65)) \
         INSERT INTO refresh_tokens (digest, session_id, generation, issued_at, address, device) \
         SELECT wanted.successor, t.session_id, t.generation + 1, CAST($1 AS BIGINT), wanted.address, wanted.device \
         FROM wanted JOIN refresh_tokens t ON t.digest = wanted.digest JOIN sessions s ON s.id = t.session_id \
         WHERE s.ended_at IS NULL AND s.expires_at > $1 AND NOT EXISTS (SELECT 1 FROM refresh_tokens newer \
         WHERE newer.session_id = t.session_id AND newer.generation > t.generation) \
         ORDER BY wanted.successor ON CONFLICT DO NOTHING RETURNING digest",
    )
    .bind(now);
    for place in 0..BATCH {
        let rotation = batch.get(place);
        query = query
            .bind(rotation.map(|one| one.digest.as_str()))
            .bind(rotation.map(|one| one.successor.as_str()))
            .bind(rotation.and_then(|one| one.elsewhere.address.as_deref()))
            .bind(rotation.and_then(|one| one.elsewhere.device.as_deref()));
    }
    query.fetch_all(&mut *connection).await?.iter().map(|row| row.try_get("digest")).collect()
}

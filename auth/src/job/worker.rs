//! Delivering promised mails and SMS.
//!
//! A job is claimed for 40 seconds, so a worker that dies loses nothing: another one, or the same
//! after its restart, takes over. Failures wait longer each time; after twelve the job goes to the
//! dead-letter list, where its sealed payload stays for an operator: `flow/list_mails.rs`. An SMS that was refused for good goes there
//! at once, and so does one whose code is over: each try may cost money.
//!
//! Two rounds run side by side. One takes whatever comes first in the queue, two mails at a time; the
//! other leaves the last place alone. So mails that anybody can cause for addresses without an
//! account, however many and however slow, hold up nobody else's.

use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinSet;
use tracing::Instrument as _;

use crate::engine::job_place;
use crate::mail::{Remains, Transport};
use crate::meter::{JobKind, JobOutcome};
use crate::sms::{self, SendFailure, Sms};
use crate::store::{ClaimedJob, Priority};
use crate::until_free::until_free;
use crate::{Auth, Result, trace};

const BATCH: i64 = 8;
/// Those of the round that takes the last place, too.
const LAST_BATCH: i64 = 2;
/// Longer than one delivery may take.
pub(crate) const CLAIM_SECONDS: i64 = 40;
/// The longest wait for another try.
pub(crate) const LONGEST_DELAY_SECONDS: i64 = 3600;
const MAX_ATTEMPTS: i64 = 12;
/// How often a claim is tried that waited for somebody who waited for it.
const CLAIM_TRIES: u32 = 5;
/// SMS on their way beside the rounds; what comes then is waited for.
const SMS_AT_ONCE: usize = 16;
/// How often the outbox is looked at without being woken: for retries and for other nodes' jobs.
const INTERVAL: Duration = Duration::from_secs(1);

/// Delivers what the outbox holds.
pub struct Worker {
    auth: Auth,
    transport: Arc<Transport>,
    /// The rounds claim one after the other: together they would want the same jobs.
    claiming: Mutex<()>,
    sms_room: Arc<Semaphore>,
}

impl Worker {
    /// A worker with its way out.
    pub fn new(auth: Auth, transport: Transport) -> Self {
        Self {
            auth,
            transport: Arc::new(transport),
            claiming: Mutex::new(()),
            sms_room: Arc::new(Semaphore::new(SMS_AT_ONCE)),
        }
    }

    /// Works for ever.
    pub async fn run(self) {
        tokio::join!(self.go_round(Priority::Ordinary, BATCH), self.go_round(Priority::Last, LAST_BATCH));
    }

    async fn go_round(&self, up_to: Priority, most: i64) {
        loop {
            match self.deliver_batch(up_to, most, true).await {
                Ok(0) => {
                    let woken = self.auth.jobs_waiting.notified();
                    let _ = tokio::time::timeout(INTERVAL, woken).await;
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "the outbox cannot be read");
                    tokio::time::sleep(INTERVAL).await;
                }
            }
        }
    }

    /// Delivers one batch of due jobs and says how many there were.
    ///
    /// # Errors
    /// When the outbox cannot be read or written.
    pub async fn deliver_due(&self) -> Result<usize> {
        self.deliver_batch(Priority::Last, BATCH, false).await
    }

    /// With `lets_sms_go` nobody waits for the service that sends them: a silent one would hold up mails.
    async fn deliver_batch(&self, up_to: Priority, most: i64, lets_sms_go: bool) -> Result<usize> {
        let claimed = self.claim(up_to, most).await?;
        let count = claimed.len();
        let mut deliveries = JoinSet::new();
        for job in claimed {
            let (auth, transport) = (self.auth.clone(), Arc::clone(&self.transport));
            let may_go = lets_sms_go && job.kind == Sms::JOB;
            let room = may_go.then(|| Arc::clone(&self.sms_room).try_acquire_owned().ok()).flatten();
            // Whatever is logged of it names the request that it was promised in.
            let request = job.request_id.as_deref();
            let span = tracing::info_span!("job", id = job.id.as_str(), kind = job.kind.as_str(), request);
            let step = trace::delivery(if job.kind == Sms::JOB { "deliver an SMS" } else { "deliver a mail" }, request);
            let delivery = async move { deliver(&auth, &transport, job).await }.instrument(step).instrument(span);
            if let Some(room) = room {
                tokio::spawn(async move {
                    let _room = room;
                    if let Err(error) = delivery.await {
                        tracing::warn!(%error, "the outbox cannot be written");
                    }
                });
            } else {
                deliveries.spawn(delivery);
            }
        }
        while let Some(done) = deliveries.join_next().await {
            done.map_err(anyhow::Error::from)??;
        }
        Ok(count)
    }

    async fn claim(&self, up_to: Priority, most: i64) -> Result<Vec<ClaimedJob>> {
        // Sealing anew changes several jobs as well, in the order of their ids.
        until_free(CLAIM_TRIES, || self.try_to_claim(up_to, most)).await
    }

    async fn try_to_claim(&self, up_to: Priority, most: i64) -> Result<Vec<ClaimedJob>> {
        let _turn = self.claiming.lock().await;
        let now = self.auth.now();
        if !self.auth.store.has_due_jobs(up_to, now).await? {
            return Ok(Vec::new());
        }
        Ok(self.auth.store.claim_jobs(up_to, now, now.plus_seconds(CLAIM_SECONDS), most).await?)
    }
}

async fn deliver(auth: &Auth, transport: &Transport, job: ClaimedJob) -> Result<()> {
    let outcome = attempt(auth, transport, &job).await;
    let (now, kind) = (auth.now(), JobKind::of_job(&job.kind));
    let what = if job.kind == Sms::JOB { "an SMS" } else { "a mail" };
    match outcome {
        Ok(remains) => {
            auth.store.finish_job(&job.id, &auth.seal_remains(&job.id, &remains)?, now).await?;
            auth.meters.jobs.note((kind, JobOutcome::Delivered));
            tracing::info!(job = job.id.as_str(), attempts = job.attempts, "{what} was delivered");
        }
        Err(failure) => {
            let (error, may_retry) = match failure {
                SendFailure::Later(error) => (error, job.attempts < MAX_ATTEMPTS),
                SendFailure::Never(error) => (error, false),
            };
            let next = may_retry.then(|| now.plus_seconds(delay_seconds(job.attempts)));
            let outcome = if next.is_some() { JobOutcome::Failed } else { JobOutcome::Dead };
            auth.meters.jobs.note((kind, outcome));
            tracing::warn!(
                job = job.id.as_str(),
                kind = job.kind.as_str(),
                attempts = job.attempts,
                dead = next.is_none(),
                error = format!("{error:#}"),
                "{what} was not delivered"
            );
            auth.store.fail_job(&job.id, &format!("{error:#}"), next, now).await?;
        }
    }
    Ok(())
}

async fn attempt(auth: &Auth, transport: &Transport, job: &ClaimedJob) -> std::result::Result<Remains, SendFailure> {
    if job.kind == Sms::JOB {
        let sms: Sms = open(auth, job).map_err(SendFailure::Later)?;
        sms::deliver(auth, &job.id, &sms).await?;
        return Ok(Remains::of_sms(&sms));
    }
    let mail = open(auth, job).map_err(SendFailure::Later)?;
    transport.deliver(&job.id, &mail, auth.now()).await.map_err(SendFailure::Later)?;
    Ok(Remains::of_mail(&mail))
}

fn open<T: DeserializeOwned>(auth: &Auth, job: &ClaimedJob) -> anyhow::Result<T> {
    let plain = auth.sealer.open(&job_place(&job.id), &job.payload_sealed)?;
    Ok(serde_json::from_slice(&plain)?)
}

/// 5 s, 10 s, 20 s … at most an hour.
fn delay_seconds(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or(0);
    (5_i64 << doublings).min(LONGEST_DELAY_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_grows_to_an_hour() {
        assert_eq!([1, 2, 3, 10, 12, 99].map(delay_seconds), [5, 10, 20, 2560, 3600, 3600]);
    }
}

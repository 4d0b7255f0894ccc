//! What waits in the database, and how old its backups are, for all nodes together. It is asked for with a scrape, and at most
//! every ten seconds, however often somebody scrapes; a database that does not answer costs two seconds and these families.

use auth::meter::{JobKind, Waiting};
use auth::store::BackupMoments;
use auth::{Auth, Result, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

use super::exposition::{Exposition, Seconds};

/// How long an answer is told again.
const KEPT_MS: i64 = 10_000;
/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What was asked for last.
#[derive(Clone, Default)]
pub(super) struct Queues(Arc<Mutex<Option<Asked>>>);

#[derive(Clone)]
struct Asked {
    at: Timestamp,
    /// None: the database did not answer.
    told: Option<Told>,
}

#[derive(Clone)]
struct Told {
    work: Vec<(JobKind, Waiting)>,
    dead: i64,
    backups: BackupMoments,
}

impl Queues {
    /// Adds what waits.
    pub(super) async fn write(&self, text: &mut Exposition, auth: &Auth) {
        let asked = self.ask(auth).await;
        let up = i32::from(asked.told.is_some());
        text.gauge("keywright_database_up", "1 while the database answers within two seconds.").sample(&[], up);
        let work = asked.told.as_ref().map(|told| told.work.as_slice()).unwrap_or_default();
        text.gauge("keywright_queue_waiting", "Mails, SMS and deliveries to webhooks that wait, of all nodes.");
        for (kind, waiting) in work {
            text.sample(&[("kind", kind.as_str())], waiting.all);
        }
        text.gauge("keywright_queue_due", "Those of them that are overdue.");
        for (kind, waiting) in work {
            text.sample(&[("kind", kind.as_str())], waiting.due);
        }
        text.gauge("keywright_queue_oldest_seconds", "Seconds since the eldest of them was promised.");
        for (kind, waiting) in work {
            text.sample(&[("kind", kind.as_str())], Seconds::of_millis(waiting.oldest_ms));
        }
        let family = text.gauge("keywright_queue_dead", "Mails and SMS that were given up.");
        if let Some(told) = &asked.told {
            family.sample(&[], told.dead);
        }
        let moments = asked.told.map(|told| told.backups).unwrap_or_default();
        let age = |at: Timestamp| Seconds::of_millis(asked.at.0 - at.0);
        let family = text.gauge("keywright_backup_age_seconds", "Seconds since the last backup; none: never.");
        if let Some(at) = moments.backup {
            family.sample(&[], age(at));
        }
        let help = "Seconds since a backup was last restored on trial; none: never.";
        let family = text.gauge("keywright_restore_test_age_seconds", help);
        if let Some(at) = moments.restore_test {
            family.sample(&[], age(at));
        }
    }

    async fn ask(&self, auth: &Auth) -> Asked {
        // Whoever scrapes meanwhile waits for the same answer.
        let mut last = self.0.lock().await;
        let at = auth.now();
        if let Some(asked) = last.as_ref().filter(|asked| (0..KEPT_MS).contains(&(at.0 - asked.at.0))) {
            return asked.clone();
        }
        let told = match tokio::time::timeout(PATIENCE, tell(auth)).await {
            Ok(Ok(told)) => Some(told),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the queues cannot be counted");
                None
            }
            Err(_) => None,
        };
        let asked = Asked { at, told };
        *last = Some(asked.clone());
        asked
    }
}

async fn tell(auth: &Auth) -> Result<Told> {
    let (work, dead) = auth.waiting_work().await?;
    let backups = auth.store().backup_moments().await?;
    Ok(Told { work, dead, backups })
}

//! Backups by the clock: one node of all takes each, and deletes what retention does not keep. One that fails is tried again in a
//! quarter of an hour, and told in the log each time. Each node sweeps its own work folder.

use std::time::Duration;

use crate::Auth;
use crate::backup::{BackupSettings, Scratch, Source, Taken, Target, prune, take};
use crate::store::{BackupMark, DatabaseSettings};

/// How often it is asked whether one is due.
const INTERVAL: Duration = Duration::from_secs(60);
/// How long a node may take. When it takes longer, another one takes one as well, and no harm is done.
const CLAIM: i64 = 60 * 60;
const RETRY: i64 = 15 * 60;

/// What is to be backed up, and how.
#[derive(Clone)]
pub struct BackupPlan {
    /// The settings.
    pub settings: BackupSettings,
    /// The database, as another connection comes to it.
    pub database: DatabaseSettings,
    /// The version of the program.
    pub version: &'static str,
}

impl Auth {
    /// Takes backups for ever, where a setting says when, and sweeps away what a command that was killed left of its work.
    pub async fn keep_backups(self, plan: BackupPlan) {
        let are_taken = plan.settings.target.is_some() && plan.settings.every_hours != 0;
        loop {
            let (folder, now) = (plan.settings.work_folder.clone(), self.now());
            // A disk may take its time.
            if let Err(error) = tokio::task::spawn_blocking(move || Scratch::sweep(&folder, now)).await {
                tracing::warn!(%error, "backup_work_folder was not swept");
            }
            if are_taken {
                self.take_and_tell(&plan).await;
            }
            tokio::time::sleep(INTERVAL).await;
        }
    }

    async fn take_and_tell(&self, plan: &BackupPlan) {
        match self.take_due_backup(plan).await {
            Ok(Some(taken)) => tracing::info!(file = taken.name, bytes = taken.bytes, "a backup was taken"),
            Ok(None) => {}
            Err(error) => tracing::error!(error = format!("{error:#}"), "a backup failed; the last one stays"),
        }
    }

    /// Takes a backup if one is due and no other node is about to.
    ///
    /// # Errors
    /// When it could not be taken.
    pub async fn take_due_backup(&self, plan: &BackupPlan) -> anyhow::Result<Option<Taken>> {
        let Some(target) = &plan.settings.target else { return Ok(None) };
        let now = self.now();
        let due_before = now.minus_seconds(plan.settings.every_hours * 60 * 60);
        if !self.store.claim_backup(due_before, now, now.plus_seconds(CLAIM)).await? {
            return Ok(None);
        }
        let taken = self.take_backup(plan, target).await;
        if taken.is_err() {
            self.store.release_backup(self.now().plus_seconds(RETRY)).await?;
        }
        taken.map(Some)
    }

    /// Takes a backup now, remembers it, and deletes what retention does not keep.
    ///
    /// # Errors
    /// When it could not be taken. What cannot be deleted is told in the log alone.
    pub async fn take_backup(&self, plan: &BackupPlan, target: &Target) -> anyhow::Result<Taken> {
        let now = self.now();
        let source = Source {
            settings: &plan.settings,
            database: &plan.database,
            version: plan.version,
            sealer: &self.sealer,
            before_change: None,
        };
        let taken = take(&source, target, &self.random, now).await?;
        let bytes = i64::try_from(taken.bytes).unwrap_or(i64::MAX);
        self.store.note_backup(BackupMark::Backup, now, &taken.name, bytes).await?;
        match prune(&plan.settings, target, now).await {
            Ok(deleted) if deleted.is_empty() => {}
            Ok(deleted) => tracing::info!(deleted = deleted.len(), "old backups were deleted"),
            Err(error) => tracing::warn!(error = format!("{error:#}"), "old backups cannot be deleted"),
        }
        Ok(taken)
    }
}

//! What is remembered of backups: the last one, the last restore that was tried, and who takes the next one.

use sqlx::Row as _;

use super::{Result, Store, Transaction};
use crate::Timestamp;

/// What there is a moment of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupMark {
    /// The last good backup.
    Backup,
    /// The last backup that was restored on trial, and found good.
    RestoreTest,
    /// The backup that this database was restored from.
    Restored,
}

impl BackupMark {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::RestoreTest => "restore_test",
            Self::Restored => "restored",
        }
    }
}

/// When each of them was last; none: never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BackupMoments {
    /// The last good backup.
    pub backup: Option<Timestamp>,
    /// The last backup that was restored on trial, and found good.
    pub restore_test: Option<Timestamp>,
    /// When this database was restored.
    pub restored: Option<Timestamp>,
}

/// The last one that ended counts, also when a clock was ahead before: a moment to come would hide all that is done until then.
const NOTE: &str = "UPDATE backup_marks SET at = $2, file = $3, bytes = $4, claimed_until = 0 WHERE name = $1";

impl Store {
    /// When the last backup was taken, and the last one restored on trial.
    ///
    /// # Errors
    /// When the database does not answer, or its tables are older than this program.
    pub async fn backup_moments(&self) -> Result<BackupMoments> {
        let rows = sqlx::query("SELECT name, at FROM backup_marks WHERE at > 0")
            .fetch_all(&mut *self.read.get().await?)
            .await?;
        let mut moments = BackupMoments::default();
        for row in rows {
            let (name, at): (String, i64) = (row.try_get("name")?, row.try_get("at")?);
            match name.as_str() {
                "backup" => moments.backup = Some(Timestamp(at)),
                "restore_test" => moments.restore_test = Some(Timestamp(at)),
                "restored" => moments.restored = Some(Timestamp(at)),
                _ => {}
            }
        }
        Ok(moments)
    }

    /// Takes the turn of the next backup, when the last one is from before `due_before` and no node is about to take one. Of
    /// many nodes one has it, until `until`. Moments that are further ahead than nodes differ were written by a clock that was
    /// wrong, and count for nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_backup(&self, due_before: Timestamp, now: Timestamp, until: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE backup_marks SET claimed_until = $3 WHERE name = 'backup' AND (at <= $1 OR at > $4) \
             AND (claimed_until <= $2 OR claimed_until > $4)",
        )
        .bind(due_before.0)
        .bind(now.0)
        .bind(until.0)
        .bind(until.0.saturating_mul(2).saturating_sub(now.0))
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Lets the turn be taken again from `from` on: a backup failed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_backup(&self, from: Timestamp) -> Result<()> {
        sqlx::query("UPDATE backup_marks SET claimed_until = $1 WHERE name = 'backup'")
            .bind(from.0)
            .execute(&mut *self.write.get().await?)
            .await?;
        Ok(())
    }

    /// Remembers a moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_backup(&self, mark: BackupMark, at: Timestamp, file: &str, bytes: i64) -> Result<()> {
        sqlx::query(NOTE)
            .bind(mark.as_str())
            .bind(at.0)
            .bind(file)
            .bind(bytes)
            .execute(&mut *self.write.get().await?)
            .await?;
        Ok(())
    }
}

impl Transaction {
    /// The same, with other changes.
    pub(crate) async fn note_backup(&mut self, mark: BackupMark, at: Timestamp, file: &str, bytes: i64) -> Result<()> {
        sqlx::query(NOTE).bind(mark.as_str()).bind(at.0).bind(file).bind(bytes).execute(&mut *self.0).await?;
        Ok(())
    }
}

//! Where the audit log was cut, cutting it, and how many lines each day had.

use sqlx::any::AnyRow;
use sqlx::{Any, FromRow, Row};

use super::audit_chain::chain_columns;
use super::{ChainRow, Result, Store, Transaction};
use crate::Timestamp;

/// The last line that was taken from the beginning.
#[derive(Clone, Debug)]
pub struct CheckpointRow {
    /// Its number.
    pub sequence: i64,
    /// Its hash, which the next line carries on.
    pub hash: String,
    /// When it was taken.
    pub cut_at: Timestamp,
    /// What proves it.
    pub mac: String,
}

/// Lines of a day.
pub struct AuditDayRow {
    /// Days since 1970, in UTC.
    pub day: i64,
    /// How many there are.
    pub lines: i64,
    /// How many of them were refused.
    pub refused: i64,
}

impl FromRow<'_, AnyRow> for CheckpointRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            sequence: row.try_get("sequence")?,
            hash: row.try_get("hash")?,
            cut_at: Timestamp(row.try_get("cut_at")?),
            mac: row.try_get("mac")?,
        })
    }
}

impl FromRow<'_, AnyRow> for AuditDayRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self { day: row.try_get("day")?, lines: row.try_get("lines")?, refused: row.try_get("refused")? })
    }
}

impl Store {
    /// Where the chain was cut; none when it never was.
    pub async fn audit_checkpoint(&self) -> Result<Option<CheckpointRow>> {
        sqlx::query_as("SELECT sequence, hash, cut_at, mac FROM audit_checkpoint WHERE id = 1")
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }

    /// Whether a line of the chain says that it was written before this moment.
    pub async fn has_audit_lines_before(&self, before: Timestamp) -> Result<bool> {
        let row =
            sqlx::query("SELECT id FROM audit_events WHERE at < $1 AND sequence IS NOT NULL ORDER BY at, id LIMIT 1")
                .bind(before.0)
                .fetch_optional(&mut *self.read.get().await?)
                .await?;
        Ok(row.is_some())
    }

    /// Lines of each day since `day`, of one organization or, when it is empty, of all.
    pub async fn audit_days(&self, organization: &str, day: i64) -> Result<Vec<AuditDayRow>> {
        sqlx::query_as(
            "SELECT day, lines, refused FROM audit_days WHERE organization_id = $1 AND day >= $2 ORDER BY day",
        )
        .bind(organization)
        .bind(day)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// Forgets how many lines the days before `day` had.
    pub async fn delete_old_audit_days(&self, day: i64) -> Result<()> {
        sqlx::query("DELETE FROM audit_days WHERE day < $1").bind(day).execute(&mut *self.write.get().await?).await?;
        Ok(())
    }
}

impl Transaction {
    /// Where the chain was cut.
    pub async fn audit_checkpoint(&mut self) -> Result<Option<CheckpointRow>> {
        sqlx::query_as("SELECT sequence, hash, cut_at, mac FROM audit_checkpoint WHERE id = 1")
            .fetch_optional(&mut *self.0)
            .await
    }

    /// The first lines of the chain after a number.
    pub async fn first_chain_lines(&mut self, after: i64, most: i64) -> Result<Vec<ChainRow>> {
        sqlx::query_as::<Any, ChainRow>(concat!(
            "SELECT ",
            chain_columns!(),
            " FROM audit_events WHERE sequence > $1 ORDER BY sequence LIMIT $2"
        ))
        .bind(after)
        .bind(most)
        .fetch_all(&mut *self.0)
        .await
    }

    /// Takes every line up to the checkpoint, which stands for them from now on; returns how many there were.
    pub async fn cut_audit_chain(&mut self, checkpoint: &CheckpointRow) -> Result<u64> {
        sqlx::query(
            "INSERT INTO audit_checkpoint (id, sequence, hash, cut_at, mac) VALUES (1, $1, $2, $3, $4) \
             ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash, \
             cut_at = excluded.cut_at, mac = excluded.mac",
        )
        .bind(checkpoint.sequence)
        .bind(checkpoint.hash.as_str())
        .bind(checkpoint.cut_at.0)
        .bind(checkpoint.mac.as_str())
        .execute(&mut *self.0)
        .await?;
        let done = sqlx::query("DELETE FROM audit_events WHERE sequence <= $1")
            .bind(checkpoint.sequence)
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected())
    }

    /// Counts lines of a day, of one organization or, when it is empty, of all.
    pub async fn count_audit_lines(&mut self, organization: &str, count: &AuditDayRow) -> Result<()> {
        sqlx::query(
            "INSERT INTO audit_days (organization_id, day, lines, refused) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (organization_id, day) DO UPDATE SET lines = audit_days.lines + excluded.lines, \
             refused = audit_days.refused + excluded.refused",
        )
        .bind(organization)
        .bind(count.day)
        .bind(count.lines)
        .bind(count.refused)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}

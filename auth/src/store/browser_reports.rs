//! What browsers told of the rules of our pages, counted by day.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store};
use crate::Timestamp;
use crate::browser_report::BrowserReport;
use crate::view::BrowserReportItem;

impl FromRow<'_, AnyRow> for BrowserReportItem {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            directive: row.try_get("directive")?,
            blocked: row.try_get("blocked")?,
            path: row.try_get("path")?,
            reports: row.try_get("told")?,
            first_at: Timestamp(row.try_get("first_told")?),
            last_at: Timestamp(row.try_get("last_told")?),
        })
    }
}

impl Store {
    /// Counts a report. One that is new on its day is kept only while the day has fewer than `most` of them; says whether
    /// it was counted.
    pub async fn count_browser_report(
        &self,
        report: &BrowserReport,
        (day, at): (i64, Timestamp),
        most: i64,
    ) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO browser_reports (day, directive, blocked, path, reports, first_at, last_at) \
             SELECT CAST($1 AS BIGINT), $2, $3, $4, 1, CAST($5 AS BIGINT), CAST($5 AS BIGINT) \
             WHERE (SELECT COUNT(*) FROM browser_reports WHERE day = $1) < $6 OR EXISTS (SELECT day FROM browser_reports \
             WHERE day = $1 AND directive = $2 AND blocked = $3 AND path = $4) \
             ON CONFLICT (day, directive, blocked, path) DO UPDATE SET reports = browser_reports.reports + 1, \
             last_at = excluded.last_at",
        )
        .bind(day)
        .bind(report.directive())
        .bind(report.blocked())
        .bind(report.path())
        .bind(at.0)
        .bind(most)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// What was told on all days, each once, what was told last first.
    pub async fn browser_reports(&self, most: i64) -> Result<Vec<BrowserReportItem>> {
        sqlx::query_as(
            "SELECT directive, blocked, path, CAST(SUM(reports) AS BIGINT) AS told, \
             CAST(MIN(first_at) AS BIGINT) AS first_told, CAST(MAX(last_at) AS BIGINT) AS last_told FROM browser_reports \
             GROUP BY directive, blocked, path ORDER BY last_told DESC, directive, blocked, path LIMIT $1",
        )
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// How many there are of them all, and how often they were told.
    pub async fn count_browser_reports(&self) -> Result<(i64, i64)> {
        let row = sqlx::query(
            "SELECT CAST(COUNT(*) AS BIGINT) AS kinds, CAST(COALESCE(SUM(k.told), 0) AS BIGINT) AS told FROM \
             (SELECT SUM(reports) AS told FROM browser_reports GROUP BY directive, blocked, path) k",
        )
        .fetch_one(&mut *self.read.get().await?)
        .await?;
        Ok((row.try_get("kinds")?, row.try_get("told")?))
    }

    /// Forgets the days on which nothing was told since `before`.
    pub async fn forget_browser_reports(&self, before: Timestamp) -> Result<()> {
        sqlx::query("DELETE FROM browser_reports WHERE last_at < $1")
            .bind(before.0)
            .execute(&mut *self.write.get().await?)
            .await?;
        Ok(())
    }
}

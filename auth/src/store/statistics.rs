//! What happened on each day, as numbers. The days are those of UTC.

use sqlx::Row;

use super::{Result, Store};
use crate::Timestamp;

/// When the days were counted last: no day has this number.
const COUNTED: i64 = -1;

impl Store {
    /// Takes the turn to count, unless somebody had it since `before`: one node counts for all.
    pub async fn take_turn_to_count(&self, now: Timestamp, before: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO statistics_days (day, name, value) VALUES ($1, 'counted_at', $2) \
             ON CONFLICT (day, name) DO UPDATE SET value = excluded.value WHERE statistics_days.value <= $3",
        )
        .bind(COUNTED)
        .bind(now.0)
        .bind(before.0)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// When the days were counted last.
    pub async fn counted_at(&self) -> Result<Option<Timestamp>> {
        sqlx::query("SELECT value FROM statistics_days WHERE day = $1 AND name = 'counted_at'")
            .bind(COUNTED)
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("value").map(Timestamp))
            .transpose()
    }

    /// Every number of the days from one to another, both included.
    pub async fn statistics_between(&self, first: i64, last: i64) -> Result<Vec<(i64, String, i64)>> {
        sqlx::query("SELECT day, name, value FROM statistics_days WHERE day >= $1 AND day <= $2 ORDER BY day, name")
            .bind(first)
            .bind(last)
            .fetch_all(&mut *self.read.get().await?)
            .await?
            .iter()
            .map(|row| Ok((row.try_get("day")?, row.try_get("name")?, row.try_get("value")?)))
            .collect()
    }

    /// Notes a number of a day. It never goes back: what was counted once may be deleted since.
    pub async fn note_statistic(&self, day: i64, name: &str, value: i64) -> Result<()> {
        sqlx::query(
            "INSERT INTO statistics_days (day, name, value) VALUES ($1, $2, $3) \
             ON CONFLICT (day, name) DO UPDATE SET value = excluded.value WHERE statistics_days.value < excluded.value",
        )
        .bind(day)
        .bind(name)
        .bind(value)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(())
    }

    /// Notes how a number of a day is now, less or more than before.
    pub async fn replace_statistic(&self, day: i64, name: &str, value: i64) -> Result<()> {
        sqlx::query(
            "INSERT INTO statistics_days (day, name, value) VALUES ($1, $2, $3) \
             ON CONFLICT (day, name) DO UPDATE SET value = excluded.value",
        )
        .bind(day)
        .bind(name)
        .bind(value)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(())
    }

    /// Sign-ins from one moment to another, by how they were proved.
    pub async fn count_sign_ins(&self, from: Timestamp, to: Timestamp) -> Result<Vec<(String, i64)>> {
        sqlx::query(
            "SELECT method, CAST(COUNT(*) AS BIGINT) AS sign_ins FROM sessions \
             WHERE created_at >= $1 AND created_at < $2 GROUP BY method ORDER BY method",
        )
        .bind(from.0)
        .bind(to.0)
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("method")?, row.try_get("sign_ins")?)))
        .collect()
    }

    /// Lines of a kind in the audit log from one moment to another.
    pub async fn count_events(&self, kind: &str, from: Timestamp, to: Timestamp) -> Result<i64> {
        self.number(
            sqlx::query(
                "SELECT CAST(COUNT(*) AS BIGINT) AS number FROM audit_events \
                 WHERE kind = $1 AND at >= $2 AND at < $3",
            )
            .bind(kind)
            .bind(from.0)
            .bind(to.0),
        )
        .await
    }

    /// Accounts that were used since a moment: one of their sessions got a refresh token. Reads every session that
    /// may still go on, so it is asked in the background and seldom.
    pub async fn count_active_accounts(&self, since: Timestamp) -> Result<i64> {
        self.number(
            sqlx::query(
                "SELECT CAST(COUNT(DISTINCT s.user_id) AS BIGINT) AS number FROM sessions s WHERE s.expires_at > $1 \
                 AND (s.ended_at IS NULL OR s.ended_at >= $1) AND (SELECT t.issued_at FROM refresh_tokens t \
                 WHERE t.session_id = s.id ORDER BY t.generation DESC LIMIT 1) >= $1",
            )
            .bind(since.0),
        )
        .await
    }

    /// All accounts, and those with a strong second factor.
    pub async fn count_accounts(&self) -> Result<(i64, i64)> {
        let all = sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) AS number FROM users");
        let strong = sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) AS number FROM users WHERE strong_since IS NOT NULL");
        Ok((self.number(all).await?, self.number(strong).await?))
    }

    async fn number(&self, statement: super::Statement<'_>) -> Result<i64> {
        statement.fetch_one(&mut *self.read.get().await?).await?.try_get("number")
    }

    /// Forgets the days before one.
    pub async fn forget_statistics(&self, before: i64) -> Result<()> {
        sqlx::query("DELETE FROM statistics_days WHERE day >= 0 AND day < $1")
            .bind(before)
            .execute(&mut *self.write.get().await?)
            .await?;
        Ok(())
    }
}

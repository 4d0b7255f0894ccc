//! The budget of wrong codes of an account.

use sqlx::Row;

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::factor::budget::{FREE_TRIES, MOST_IN_A_ROW, seconds_locked};
use crate::id::UserId;

/// `$3` free tries are spent with the one that finds one less; from `$6` on it is a day.
const SPEND: &str = "UPDATE users SET wrong_factors = wrong_factors + 1, factors_locked_until = CASE \
     WHEN wrong_factors + 1 < $3 THEN factors_locked_until \
     WHEN wrong_factors + 1 = $3 THEN $4 \
     WHEN wrong_factors = $3 THEN $5 \
     WHEN wrong_factors + 1 < $6 THEN $7 \
     ELSE $8 END \
     WHERE id = $1 AND factors_locked_until <= $2 RETURNING wrong_factors";

impl Store {
    /// Spends one try of a code and gives how many are spent in a row; none while no code is looked at. Spending comes
    /// before comparing, and locks with the last free one: a thousand parallel guesses are still five.
    pub async fn spend_factor_try(&self, user: &UserId, now: Timestamp) -> Result<Option<i64>> {
        let until = |wrong| now.plus_seconds(seconds_locked(wrong)).0;
        sqlx::query(SPEND)
            .bind(user.as_str())
            .bind(now.0)
            .bind(FREE_TRIES)
            .bind(until(FREE_TRIES))
            .bind(until(FREE_TRIES + 1))
            .bind(MOST_IN_A_ROW)
            .bind(until(MOST_IN_A_ROW - 1))
            .bind(until(MOST_IN_A_ROW))
            .fetch_optional(&mut *self.write.get().await?)
            .await?
            .map(|row| row.try_get("wrong_factors"))
            .transpose()
    }

    /// How many tries are spent in a row, and until when no code is looked at.
    pub async fn factor_budget(&self, user: &UserId) -> Result<Option<(i64, Timestamp)>> {
        sqlx::query("SELECT wrong_factors, factors_locked_until FROM users WHERE id = $1")
            .bind(user.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| Ok((row.try_get("wrong_factors")?, Timestamp(row.try_get("factors_locked_until")?))))
            .transpose()
    }
}

impl Transaction {
    /// A factor was proved: the budget is full again.
    pub async fn refill_factor_tries(&mut self, user: &UserId) -> Result<()> {
        sqlx::query("UPDATE users SET wrong_factors = 0, factors_locked_until = 0 WHERE id = $1")
            .bind(user.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Notes that the owner is told of guesses now; `false` when they were told after `before`.
    pub async fn note_factor_warning(&mut self, user: &UserId, now: Timestamp, before: Timestamp) -> Result<bool> {
        let done = sqlx::query("UPDATE users SET factors_warned_at = $2 WHERE id = $1 AND factors_warned_at <= $3")
            .bind(user.as_str())
            .bind(now.0)
            .bind(before.0)
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}

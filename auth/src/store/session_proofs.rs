//! When the person behind a session was last proved, and the tries of the password in it.

use sqlx::Row;

use super::{Result, Store, Transaction};
use crate::id::{SessionId, UserId};
use crate::{FactorMethod, Timestamp};

/// Tries of the password in one session until the next right one; then it ends.
pub const MAX_PASSWORD_TRIES: i64 = 10;

impl Store {
    /// Spends one try of the password and gives how many are spent; none when no more may be. Spending
    /// comes before comparing, so a thousand parallel guesses are still ten.
    pub async fn spend_password_try(&self, session: &SessionId) -> Result<Option<i64>> {
        sqlx::query(
            "UPDATE sessions SET password_tries = password_tries + 1 \
             WHERE id = $1 AND ended_at IS NULL AND password_tries < $2 RETURNING password_tries",
        )
        .bind(session.as_str())
        .bind(MAX_PASSWORD_TRIES)
        .fetch_optional(&mut *self.write.get().await?)
        .await?
        .map(|row| row.try_get("password_tries"))
        .transpose()
    }

    /// Takes back that a try was spent.
    pub async fn give_password_try_back(&self, session: &SessionId) -> Result<()> {
        sqlx::query("UPDATE sessions SET password_tries = password_tries - 1 WHERE id = $1 AND password_tries > 0")
            .bind(session.as_str())
            .execute(&mut *self.write.get().await?)
            .await?;
        Ok(())
    }
}

impl Transaction {
    /// The person was proved just now; `false` when the session ended meanwhile.
    pub async fn set_authenticated(&mut self, session: &SessionId, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE sessions SET authenticated_at = $2, password_tries = 0 WHERE id = $1 AND ended_at IS NULL",
        )
        .bind(session.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// What was proved in the sessions of an account by factors that it has no more counts for nothing, in all but one.
    pub async fn forget_factor_proofs(&mut self, user: &UserId, except: Option<&SessionId>) -> Result<()> {
        sqlx::query(
            "UPDATE sessions SET factor = '', factor_at = 0 WHERE user_id = $1 AND id <> $2 AND ended_at IS NULL \
             AND factor <> ''",
        )
        .bind(user.as_str())
        .bind(except.map_or("", SessionId::as_str))
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// The person proved this factor just now; `false` when the session ended meanwhile. The tries of the password stay
    /// spent: it was not shown.
    pub async fn set_factor_proved(
        &mut self,
        session: &SessionId,
        factor: FactorMethod,
        now: Timestamp,
    ) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE sessions SET authenticated_at = $3, factor = $2, factor_at = $3 WHERE id = $1 AND ended_at IS NULL",
        )
        .bind(session.as_str())
        .bind(factor.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}

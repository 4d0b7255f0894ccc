//! Secrets of authenticator apps: those that wait for their first code, and those that work. Both rest sealed.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::sign_ups::MAX_WRONG_CODES;
use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::{SessionId, UserId};

/// A secret that waits for its first right code.
pub struct TotpEnrolmentRow {
    /// The secret.
    pub secret_sealed: String,
    /// Tries of a code so far.
    pub wrong_codes: i64,
    /// When it is over.
    pub expires_at: Timestamp,
}

impl FromRow<'_, AnyRow> for TotpEnrolmentRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            secret_sealed: row.try_get("secret_sealed")?,
            wrong_codes: row.try_get("wrong_codes")?,
            expires_at: Timestamp(row.try_get("expires_at")?),
        })
    }
}

/// A secret to be shown, which waits for its first right code.
pub struct NewTotpEnrolment<'a> {
    /// Whose it is.
    pub user_id: &'a UserId,
    /// The only session it works in.
    pub session_id: &'a SessionId,
    /// The secret.
    pub secret_sealed: &'a str,
    /// When it is over.
    pub expires_at: Timestamp,
}

impl Store {
    /// Since when the authenticator app of an account works; none when it has none.
    pub async fn totp_confirmed_at(&self, user: &UserId) -> Result<Option<Timestamp>> {
        sqlx::query("SELECT confirmed_at FROM totp_secrets WHERE user_id = $1")
            .bind(user.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("confirmed_at").map(Timestamp))
            .transpose()
    }

    /// The secret that waits in this session, also when all its tries are spent.
    pub async fn totp_enrolment(
        &self,
        user: &UserId,
        session: &SessionId,
        now: Timestamp,
    ) -> Result<Option<TotpEnrolmentRow>> {
        sqlx::query_as(
            "SELECT secret_sealed, wrong_codes, expires_at FROM totp_enrolments \
             WHERE user_id = $1 AND session_id = $2 AND expires_at > $3",
        )
        .bind(user.as_str())
        .bind(session.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }

    /// Spends a try of the secret that waits. Spending comes before comparing. None when there is none, or no try.
    pub async fn try_totp_enrolment(
        &self,
        user: &UserId,
        session: &SessionId,
        now: Timestamp,
    ) -> Result<Option<TotpEnrolmentRow>> {
        sqlx::query_as(
            "UPDATE totp_enrolments SET wrong_codes = wrong_codes + 1 WHERE user_id = $1 AND session_id = $2 \
             AND expires_at > $3 AND wrong_codes < $4 RETURNING secret_sealed, wrong_codes, expires_at",
        )
        .bind(user.as_str())
        .bind(session.as_str())
        .bind(now.0)
        .bind(MAX_WRONG_CODES)
        .fetch_optional(&mut *self.write.get().await?)
        .await
    }

    /// Forgets secrets that nobody confirmed before `before`.
    pub async fn delete_old_totp_enrolments(&self, before: Timestamp, most: i64) -> Result<u64> {
        let done = sqlx::query(
            "DELETE FROM totp_enrolments WHERE user_id IN \
             (SELECT user_id FROM totp_enrolments WHERE expires_at < $1 ORDER BY expires_at LIMIT $2) \
             AND expires_at < $1",
        )
        .bind(before.0)
        .bind(most)
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(done.rows_affected())
    }
}

impl Transaction {
    /// Stores a secret that waits; the one that waited before is forgotten.
    pub async fn replace_totp_enrolment(&mut self, new: NewTotpEnrolment<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO totp_enrolments (user_id, session_id, secret_sealed, wrong_codes, expires_at) \
             VALUES ($1, $2, $3, 0, $4) ON CONFLICT (user_id) DO UPDATE SET session_id = excluded.session_id, \
             secret_sealed = excluded.secret_sealed, wrong_codes = 0, expires_at = excluded.expires_at",
        )
        .bind(new.user_id.as_str())
        .bind(new.session_id.as_str())
        .bind(new.secret_sealed)
        .bind(new.expires_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Takes the secret that waits, once; `false` when it is another by now, or none.
    pub async fn take_totp_enrolment(&mut self, user: &UserId, secret_sealed: &str) -> Result<bool> {
        let done = sqlx::query("DELETE FROM totp_enrolments WHERE user_id = $1 AND secret_sealed = $2")
            .bind(user.as_str())
            .bind(secret_sealed)
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Makes a secret the one that works; that of before works no more. `step` is that of the code that proved it.
    pub async fn set_totp_secret(
        &mut self,
        user: &UserId,
        secret_sealed: &str,
        step: i64,
        now: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO totp_secrets (user_id, secret_sealed, last_step, confirmed_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (user_id) DO UPDATE SET secret_sealed = excluded.secret_sealed, \
             last_step = excluded.last_step, confirmed_at = excluded.confirmed_at",
        )
        .bind(user.as_str())
        .bind(secret_sealed)
        .bind(step)
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// The secret that works.
    pub async fn totp_secret(&mut self, user: &UserId) -> Result<Option<String>> {
        sqlx::query("SELECT secret_sealed FROM totp_secrets WHERE user_id = $1")
            .bind(user.as_str())
            .fetch_optional(&mut *self.0)
            .await?
            .map(|row| row.try_get("secret_sealed"))
            .transpose()
    }

    /// Consumes the code of a step; `false` when this or a later one was consumed before, or the secret is another by
    /// now. One statement: however many meet, one of them wins.
    pub async fn use_totp_step(&mut self, user: &UserId, secret_sealed: &str, step: i64) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE totp_secrets SET last_step = $3 WHERE user_id = $1 AND secret_sealed = $2 AND last_step < $3",
        )
        .bind(user.as_str())
        .bind(secret_sealed)
        .bind(step)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets the secret that works, and one that waits; `false` when none worked.
    pub async fn delete_totp(&mut self, user: &UserId) -> Result<bool> {
        sqlx::query("DELETE FROM totp_enrolments WHERE user_id = $1").bind(user.as_str()).execute(&mut *self.0).await?;
        let done = sqlx::query("DELETE FROM totp_secrets WHERE user_id = $1")
            .bind(user.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}

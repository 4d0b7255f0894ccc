//! Recoveries by mail: asked for, told about, called off, completed.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::users::parsed;
use super::{Result, Store, Transaction};
use crate::id::{AccountRecoveryId, UserId};
use crate::{Email, Timestamp};

/// Wrong passwords behind the link that completes a recovery, after which it is over.
pub const MAX_RECOVERY_TRIES: i64 = 10;

/// A recovery to be stored.
pub struct NewAccountRecovery<'a> {
    /// Its id.
    pub id: &'a AccountRecoveryId,
    /// Whose account it opens again.
    pub user_id: &'a UserId,
    /// The account's address of today.
    pub email: &'a Email,
    /// Digest of the link that calls it off.
    pub cancel_digest: &'a str,
    /// The token of that link, sealed, for the reminders.
    pub cancel_sealed: &'a str,
    /// Browser and system it was asked for with, in words.
    pub device: &'a str,
    /// The client's address.
    pub address: &'a str,
    /// Now.
    pub created_at: Timestamp,
    /// When the link that completes it may be mailed.
    pub ready_at: Timestamp,
    /// When it is over.
    pub expires_at: Timestamp,
    /// When the first reminder is due.
    pub next_mail_at: Timestamp,
}

/// A recovery that runs.
pub struct AccountRecoveryRow {
    /// Its id.
    pub id: AccountRecoveryId,
    /// Whose account it opens again.
    pub user_id: UserId,
    /// The account's address.
    pub email: Email,
    /// The token of the link that calls it off, sealed.
    pub cancel_sealed: String,
    /// Browser and system it was asked for with, in words.
    pub device: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When the link that completes it may be mailed.
    pub ready_at: Timestamp,
    /// When it is over.
    pub expires_at: Timestamp,
    /// When the next mail is due; none: all were mailed.
    pub next_mail_at: Option<Timestamp>,
}

impl FromRow<'_, AnyRow> for AccountRecoveryRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: AccountRecoveryId(row.try_get("id")?),
            user_id: UserId(row.try_get("user_id")?),
            email: parsed(row, "email")?,
            cancel_sealed: row.try_get("cancel_sealed")?,
            device: row.try_get("device")?,
            created_at: Timestamp(row.try_get("created_at")?),
            ready_at: Timestamp(row.try_get("ready_at")?),
            expires_at: Timestamp(row.try_get("expires_at")?),
            next_mail_at: row.try_get::<Option<i64>, _>("next_mail_at")?.map(Timestamp),
        })
    }
}

/// What an account asked for before.
pub struct RecoveryHistory {
    /// Whether one runs, or was asked for and nobody noticed its end.
    pub is_running: bool,
    /// How many were asked for.
    pub asked: i64,
    /// When the first of them was.
    pub first_at: Option<Timestamp>,
    /// When somebody called the last of them off.
    pub cancelled_at: Option<Timestamp>,
}

/// The columns of a recovery.
macro_rules! columns {
    () => {
        "id, user_id, email, cancel_sealed, device, created_at, ready_at, expires_at, next_mail_at"
    };
}

/// One that runs at `$2`: another address of the account ends it.
macro_rules! runs {
    () => {
        "completed_at IS NULL AND ended_at IS NULL AND expires_at > $2 \
         AND EXISTS (SELECT u.id FROM users u WHERE u.id = account_recoveries.user_id \
         AND u.email = account_recoveries.email)"
    };
}

impl Store {
    /// The recovery of an account that runs.
    pub async fn running_account_recovery(&self, user: &UserId, now: Timestamp) -> Result<Option<AccountRecoveryRow>> {
        sqlx::query_as(concat!("SELECT ", columns!(), " FROM account_recoveries WHERE user_id = $1 AND ", runs!()))
            .bind(user.as_str())
            .bind(now.0)
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }

    /// The recovery that a mailed link calls off. Changes nothing.
    pub async fn account_recovery_to_cancel(
        &self,
        cancel_digest: &str,
        now: Timestamp,
    ) -> Result<Option<AccountRecoveryRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM account_recoveries WHERE cancel_digest = $1 AND ",
            runs!()
        ))
        .bind(cancel_digest)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }

    /// The recovery that a mailed link completes. Changes nothing.
    pub async fn account_recovery_to_complete(
        &self,
        complete_digest: &str,
        now: Timestamp,
    ) -> Result<Option<AccountRecoveryRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM account_recoveries WHERE complete_digest = $1 AND ready_at <= $2 AND ",
            runs!()
        ))
        .bind(complete_digest)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }

    /// Recoveries of which a mail is due, the longest due first.
    pub async fn account_recoveries_to_tell(&self, now: Timestamp, most: i64) -> Result<Vec<AccountRecoveryRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM account_recoveries WHERE next_mail_at <= $2 AND ",
            runs!(),
            " ORDER BY next_mail_at LIMIT $1"
        ))
        .bind(most)
        .bind(now.0)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// Spends a try of the password, before it is compared; gives how many there were with it. None when the link is
    /// dead, or was tried too often.
    pub async fn spend_recovery_try(&self, complete_digest: &str, now: Timestamp) -> Result<Option<i64>> {
        sqlx::query(concat!(
            "UPDATE account_recoveries SET wrong_passwords = wrong_passwords + 1 \
             WHERE complete_digest = $1 AND ready_at <= $2 AND wrong_passwords < $3 AND ",
            runs!(),
            " RETURNING wrong_passwords"
        ))
        .bind(complete_digest)
        .bind(now.0)
        .bind(MAX_RECOVERY_TRIES)
        .fetch_optional(&mut *self.write.get().await?)
        .await?
        .map(|row| row.try_get("wrong_passwords"))
        .transpose()
    }

    /// Gives a try back that was not wrong.
    pub async fn give_recovery_try_back(&self, id: &AccountRecoveryId) -> Result<()> {
        sqlx::query(
            "UPDATE account_recoveries SET wrong_passwords = wrong_passwords - 1 WHERE id = $1 AND wrong_passwords > 0",
        )
        .bind(id.as_str())
        .execute(&mut *self.write.get().await?)
        .await?;
        Ok(())
    }
}

impl Transaction {
    /// What an account asked for since then. Exact for whoever holds the account.
    pub async fn recovery_history(&mut self, user: &UserId, since: Timestamp) -> Result<RecoveryHistory> {
        let row = sqlx::query(
            "SELECT CAST(COUNT(CASE WHEN created_at > $2 THEN 1 END) AS BIGINT) AS asked, \
             CAST(MIN(CASE WHEN created_at > $2 THEN created_at END) AS BIGINT) AS first_at, \
             CAST(MAX(CASE WHEN end_reason = 'cancelled' THEN ended_at END) AS BIGINT) AS cancelled_at, \
             CAST(COUNT(CASE WHEN completed_at IS NULL AND ended_at IS NULL THEN 1 END) AS BIGINT) AS running \
             FROM account_recoveries WHERE user_id = $1",
        )
        .bind(user.as_str())
        .bind(since.0)
        .fetch_one(&mut *self.0)
        .await?;
        Ok(RecoveryHistory {
            is_running: row.try_get::<i64, _>("running")? > 0,
            asked: row.try_get("asked")?,
            first_at: row.try_get::<Option<i64>, _>("first_at")?.map(Timestamp),
            cancelled_at: row.try_get::<Option<i64>, _>("cancelled_at")?.map(Timestamp),
        })
    }

    /// Stores a recovery; `false` when another one runs.
    pub async fn insert_account_recovery(&mut self, recovery: &NewAccountRecovery<'_>) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO account_recoveries (id, user_id, email, cancel_digest, cancel_sealed, device, address, \
             wrong_passwords, created_at, ready_at, expires_at, next_mail_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        )
        .bind(recovery.id.as_str())
        .bind(recovery.user_id.as_str())
        .bind(recovery.email.as_str())
        .bind(recovery.cancel_digest)
        .bind(recovery.cancel_sealed)
        .bind(recovery.device)
        .bind(recovery.address)
        .bind(recovery.created_at.0)
        .bind(recovery.ready_at.0)
        .bind(recovery.expires_at.0)
        .bind(recovery.next_mail_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Ends what runs by name only: its time is over, or the account has another address.
    pub async fn end_idle_account_recovery(&mut self, user: &UserId, now: Timestamp) -> Result<()> {
        sqlx::query(concat!(
            "UPDATE account_recoveries SET ended_at = $2 WHERE user_id = $1 AND completed_at IS NULL \
             AND ended_at IS NULL AND NOT (",
            runs!(),
            ")"
        ))
        .bind(user.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Ends the recovery of an account, because a factor was proved or the password is another one; `false` when none
    /// runs. Comes after any change of the account's own row, always.
    pub async fn kill_account_recovery(&mut self, user: &UserId, now: Timestamp) -> Result<bool> {
        self.end_account_recovery(user, "proved", now).await
    }

    /// Ends the recovery of an account; `false` when none runs.
    pub async fn end_account_recovery(&mut self, user: &UserId, reason: &str, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(concat!(
            "UPDATE account_recoveries SET ended_at = $2, end_reason = $3 WHERE user_id = $1 AND ",
            runs!()
        ))
        .bind(user.as_str())
        .bind(now.0)
        .bind(reason)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Calls a recovery off by its mailed link; `false` when it does not run.
    pub async fn cancel_account_recovery(&mut self, cancel_digest: &str, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(concat!(
            "UPDATE account_recoveries SET ended_at = $2, end_reason = 'cancelled' WHERE cancel_digest = $1 AND ",
            runs!()
        ))
        .bind(cancel_digest)
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Takes the mail of a recovery that is due, once among all nodes: `next` is when the next one is, and with the
    /// last one comes the digest of the link that completes it. `false` when another node was faster or it is over.
    pub async fn take_recovery_mail(
        &mut self,
        recovery: &AccountRecoveryRow,
        now: Timestamp,
        next: Option<Timestamp>,
        complete_digest: Option<&str>,
    ) -> Result<bool> {
        let done = sqlx::query(concat!(
            "UPDATE account_recoveries SET next_mail_at = $4, \
             complete_digest = COALESCE(CAST($5 AS TEXT), complete_digest) WHERE id = $1 AND next_mail_at = $3 AND ",
            runs!()
        ))
        .bind(recovery.id.as_str())
        .bind(now.0)
        .bind(recovery.next_mail_at.map(|at| at.0))
        .bind(next.map(|at| at.0))
        .bind(complete_digest)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Consumes the link that completes a recovery; `false` when it is used, called off, too early or too late.
    pub async fn complete_account_recovery(&mut self, complete_digest: &str, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(concat!(
            "UPDATE account_recoveries SET completed_at = $2 WHERE complete_digest = $1 AND ready_at <= $2 AND ",
            runs!()
        ))
        .bind(complete_digest)
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Holds an account that has no password to the end of the transaction; `false` when it has one by now.
    pub async fn hold_without_password(&mut self, id: &UserId) -> Result<bool> {
        let done = sqlx::query("UPDATE users SET locale = locale WHERE id = $1 AND password_hash IS NULL")
            .bind(id.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Every address that has a say about an account: its own, and those that may take it back.
    pub async fn addresses_with_a_say(&mut self, user: &UserId, now: Timestamp) -> Result<Vec<Email>> {
        sqlx::query(
            "SELECT email FROM users WHERE id = $1 UNION SELECT old_email AS email FROM email_changes \
             WHERE user_id = $1 AND undo_expires_at > $2 AND confirmed_at IS NOT NULL AND killed_at IS NULL \
             AND undone_at IS NULL",
        )
        .bind(user.as_str())
        .bind(now.0)
        .fetch_all(&mut *self.0)
        .await?
        .iter()
        .map(|row| parsed(row, "email"))
        .collect()
    }
}

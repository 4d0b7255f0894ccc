//! Codes that were sent by mail or SMS: promised, tried, consumed, counted.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::sign_ups::MAX_WRONG_CODES;
use super::{Result, Store, Transaction};
use crate::id::UserId;
use crate::{FactorMethod, Timestamp};

/// A code to be stored.
pub struct NewSentCode<'a> {
    /// Its id.
    pub id: &'a str,
    /// Whose it is.
    pub user_id: &'a UserId,
    /// By mail or SMS.
    pub method: FactorMethod,
    /// What it is for.
    pub bound_to: &'a str,
    /// Keyed digest of where it goes.
    pub recipient_mac: &'a str,
    /// Keyed digest of the code.
    pub code_mac: &'a str,
    /// Now.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A live code.
pub struct SentCodeRow {
    /// Keyed digest of the code.
    pub code_mac: String,
    /// Tries while a number or address proves itself.
    pub wrong_codes: i64,
    /// When it was promised.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl FromRow<'_, AnyRow> for SentCodeRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            code_mac: row.try_get("code_mac")?,
            wrong_codes: row.try_get("wrong_codes")?,
            created_at: Timestamp(row.try_get("created_at")?),
            expires_at: Timestamp(row.try_get("expires_at")?),
        })
    }
}

/// A code that can still be used, by its purpose.
macro_rules! live {
    () => {
        "user_id = $1 AND method = $2 AND bound_to = $3 AND expires_at > $4 AND used_at IS NULL AND killed_at IS NULL"
    };
}

fn moments(rows: &[AnyRow]) -> Result<Vec<Timestamp>> {
    rows.iter().map(|row| row.try_get("created_at").map(Timestamp)).collect()
}

impl Store {
    /// The code of a purpose that can still be used. Changes nothing.
    pub async fn live_sent_code(
        &self,
        user: &UserId,
        method: FactorMethod,
        bound_to: &str,
        now: Timestamp,
    ) -> Result<Option<SentCodeRow>> {
        sqlx::query_as(concat!("SELECT code_mac, wrong_codes, created_at, expires_at FROM sent_codes WHERE ", live!()))
            .bind(user.as_str())
            .bind(method.as_str())
            .bind(bound_to)
            .bind(now.0)
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }
}

impl Transaction {
    /// When the newest code of a purpose was promised, used or not.
    pub async fn last_sent_code(
        &mut self,
        user: &UserId,
        method: FactorMethod,
        bound_to: &str,
    ) -> Result<Option<Timestamp>> {
        let row = sqlx::query(
            "SELECT created_at FROM sent_codes WHERE user_id = $1 AND method = $2 AND bound_to = $3 \
             ORDER BY created_at DESC LIMIT 1",
        )
        .bind(user.as_str())
        .bind(method.as_str())
        .bind(bound_to)
        .fetch_optional(&mut *self.0)
        .await?;
        row.map(|row| row.try_get("created_at").map(Timestamp)).transpose()
    }

    /// When codes of an account were promised since `since`, newest first. Exact for whoever holds the account.
    pub async fn sent_codes_of(
        &mut self,
        user: &UserId,
        method: FactorMethod,
        since: Timestamp,
        most: i64,
    ) -> Result<Vec<Timestamp>> {
        let rows = sqlx::query(
            "SELECT created_at FROM sent_codes WHERE user_id = $1 AND method = $2 AND created_at > $3 \
             ORDER BY created_at DESC LIMIT $4",
        )
        .bind(user.as_str())
        .bind(method.as_str())
        .bind(since.0)
        .bind(most)
        .fetch_all(&mut *self.0)
        .await?;
        moments(&rows)
    }

    /// When codes to a number were promised since `since`, newest first, whoever asked for them: those of enrolments, or
    /// all others.
    pub async fn sent_codes_to(
        &mut self,
        recipient_mac: &str,
        of_enrolments: bool,
        since: Timestamp,
        most: i64,
    ) -> Result<Vec<Timestamp>> {
        let rows = sqlx::query(
            "SELECT created_at FROM sent_codes WHERE recipient_mac = $1 AND created_at > $2 \
             AND CASE WHEN bound_to LIKE 'enrolment:%' THEN 1 ELSE 0 END = $4 ORDER BY created_at DESC LIMIT $3",
        )
        .bind(recipient_mac)
        .bind(since.0)
        .bind(most)
        .bind(i64::from(of_enrolments))
        .fetch_all(&mut *self.0)
        .await?;
        moments(&rows)
    }

    /// Counts one more SMS of this minute; `false` when there were as many as there may be. Holds the minute until
    /// the end of the transaction, so whoever counts afterwards counts alone.
    pub async fn count_sms(&mut self, minute: i64, most: i64) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO sms_minutes (minute, promised) VALUES ($1, 1) \
             ON CONFLICT (minute) DO UPDATE SET promised = sms_minutes.promised + 1 WHERE sms_minutes.promised < $2",
        )
        .bind(minute)
        .bind(most)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Stores a code; the older one of its purpose dies. The account is held.
    pub async fn replace_sent_code(&mut self, code: &NewSentCode<'_>) -> Result<()> {
        sqlx::query(
            "UPDATE sent_codes SET killed_at = $4 WHERE user_id = $1 AND method = $2 AND bound_to = $3 \
             AND used_at IS NULL AND killed_at IS NULL",
        )
        .bind(code.user_id.as_str())
        .bind(code.method.as_str())
        .bind(code.bound_to)
        .bind(code.created_at.0)
        .execute(&mut *self.0)
        .await?;
        sqlx::query(
            "INSERT INTO sent_codes (id, user_id, method, bound_to, recipient_mac, code_mac, wrong_codes, created_at, \
             expires_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)",
        )
        .bind(code.id)
        .bind(code.user_id.as_str())
        .bind(code.method.as_str())
        .bind(code.bound_to)
        .bind(code.recipient_mac)
        .bind(code.code_mac)
        .bind(code.created_at.0)
        .bind(code.expires_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Spends one try of the code of a purpose. Spending comes before comparing.
    pub async fn try_sent_code(
        &mut self,
        user: &UserId,
        method: FactorMethod,
        bound_to: &str,
        now: Timestamp,
    ) -> Result<Option<SentCodeRow>> {
        sqlx::query_as(concat!(
            "UPDATE sent_codes SET wrong_codes = wrong_codes + 1 WHERE ",
            live!(),
            " AND wrong_codes < $5 RETURNING code_mac, wrong_codes, created_at, expires_at"
        ))
        .bind(user.as_str())
        .bind(method.as_str())
        .bind(bound_to)
        .bind(now.0)
        .bind(MAX_WRONG_CODES)
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Consumes a code; `false` when it is another one, was used or replaced, or is too old.
    pub async fn use_sent_code(
        &mut self,
        user: &UserId,
        method: FactorMethod,
        bound_to: &str,
        code_mac: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let done = sqlx::query(concat!("UPDATE sent_codes SET used_at = $4 WHERE ", live!(), " AND code_mac = $5"))
            .bind(user.as_str())
            .bind(method.as_str())
            .bind(bound_to)
            .bind(now.0)
            .bind(code_mac)
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Kills every code of an account and kind: the factor goes.
    pub async fn kill_sent_codes(&mut self, user: &UserId, method: FactorMethod, now: Timestamp) -> Result<()> {
        sqlx::query(
            "UPDATE sent_codes SET killed_at = $3 WHERE user_id = $1 AND method = $2 AND used_at IS NULL \
             AND killed_at IS NULL",
        )
        .bind(user.as_str())
        .bind(method.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}

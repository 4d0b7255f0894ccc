//! Ways to a new password: asked for, mailed, used once.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::sign_ups::MAX_WRONG_CODES;
use super::users::parsed;
use super::{Result, Store, Transaction};
use crate::id::{PasswordResetId, UserId};
use crate::weakened::{self, Defence};
use crate::{Email, Timestamp};

/// A reset to be stored.
pub struct NewPasswordReset<'a> {
    /// Its id.
    pub id: &'a PasswordResetId,
    /// The account it leads to; without one it leads nowhere.
    pub user_id: Option<&'a UserId>,
    /// The address it was asked for.
    pub email: &'a Email,
    /// Digest of the browser's ticket.
    pub ticket_digest: &'a str,
    /// Digest of the link's token.
    pub link_digest: &'a str,
    /// Keyed digest of the code; empty when the mail carries none, and then no code matches.
    pub code_mac: &'a str,
    /// Now.
    pub created_at: Timestamp,
    /// When link and code end.
    pub expires_at: Timestamp,
}

/// A reset whose code is waited for.
pub struct WaitingReset {
    /// The address it was asked for.
    pub email: Email,
    /// Tries of the code in the browser that asked.
    pub wrong_codes: i64,
}

impl FromRow<'_, AnyRow> for WaitingReset {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self { email: parsed(row, "email")?, wrong_codes: row.try_get("wrong_codes")? })
    }
}

/// A waiting code, one try of which was spent.
pub struct ResetTry {
    /// Its reset.
    pub id: PasswordResetId,
    /// The address it was mailed to.
    pub email: Email,
    /// Its keyed digest.
    pub code_mac: String,
}

impl FromRow<'_, AnyRow> for ResetTry {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: PasswordResetId(row.try_get("id")?),
            email: parsed(row, "email")?,
            code_mac: row.try_get("code_mac")?,
        })
    }
}

/// A reset that was used a moment ago.
pub struct UsedReset {
    /// The account it leads to.
    pub user_id: UserId,
    /// The address it was mailed to.
    pub email: Email,
}

impl FromRow<'_, AnyRow> for UsedReset {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self { user_id: UserId(row.try_get("user_id")?), email: parsed(row, "email")? })
    }
}

/// How many mails resets of an address caused since `$2`. Only those to the same account count (`$3`,
/// empty when there is none): whoever just signed up is not kept waiting by who asked before.
macro_rules! mails_since {
    () => {
        "SELECT CAST(COUNT(*) AS BIGINT) AS mails FROM password_resets m \
         WHERE m.email = $1 AND m.mailed_at > $2 AND COALESCE(m.user_id, '') = $3"
    };
}

impl Store {
    /// The address behind a link's token, while the link can still be used. Changes nothing.
    pub async fn live_reset_link(&self, link_digest: &str, now: Timestamp) -> Result<Option<Email>> {
        sqlx::query(
            "SELECT r.email FROM password_resets r JOIN users u ON u.id = r.user_id AND u.email = r.email \
             WHERE r.link_digest = $1 AND r.used_at IS NULL AND r.killed_at IS NULL AND r.expires_at > $2",
        )
        .bind(link_digest)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await?
        .map(|row| parsed(&row, "email"))
        .transpose()
    }

    /// The waiting reset of a browser's ticket; for an address without an account it waits as well.
    pub async fn waiting_reset(&self, ticket_digest: &str, now: Timestamp) -> Result<Option<WaitingReset>> {
        sqlx::query_as(
            "SELECT email, wrong_codes FROM password_resets \
             WHERE ticket_digest = $1 AND used_at IS NULL AND killed_at IS NULL AND expires_at > $2",
        )
        .bind(ticket_digest)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// Kills the older reset of an address, unless there were `most` mails since `since`.
    pub async fn kill_older_reset(&mut self, reset: &NewPasswordReset<'_>, since: Timestamp, most: i64) -> Result<()> {
        // The condition of the index `password_resets_one_live`, and the limit.
        sqlx::query(concat!(
            "UPDATE password_resets SET killed_at = $4 \
             WHERE email = $1 AND mailed_at IS NOT NULL AND used_at IS NULL AND killed_at IS NULL AND (",
            mails_since!(),
            ") < $5"
        ))
        .bind(reset.email.as_str())
        .bind(since.0)
        .bind(reset.user_id.map_or("", UserId::as_str))
        .bind(reset.created_at.0)
        .bind(most)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Stores a reset whose mail goes out; `false` when it would be the second live one of its
    /// address. One that another request stores in this very moment counts: PostgreSQL waits for its end.
    pub async fn insert_password_reset(&mut self, reset: &NewPasswordReset<'_>) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO password_resets (id, user_id, email, ticket_digest, link_digest, code_mac, \
             wrong_codes, wrong_email_codes, mailed_at, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, $7, $8) ON CONFLICT DO NOTHING",
        )
        .bind(reset.id.as_str())
        .bind(reset.user_id.map(UserId::as_str))
        .bind(reset.email.as_str())
        .bind(reset.ticket_digest)
        .bind(reset.link_digest)
        .bind(reset.code_mac)
        .bind(reset.created_at.0)
        .bind(reset.expires_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Stores a reset for which no mail goes out: the page waits, and no code and no link leads
    /// anywhere. An address has one such row, which the newest request takes over.
    pub async fn store_unmailed_reset(&mut self, reset: &NewPasswordReset<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO password_resets (id, email, ticket_digest, link_digest, code_mac, \
             wrong_codes, wrong_email_codes, created_at, expires_at) VALUES ($1, $2, $3, $4, '', 0, 0, $5, $6) \
             ON CONFLICT (email) WHERE mailed_at IS NULL DO UPDATE SET ticket_digest = excluded.ticket_digest, \
             link_digest = excluded.link_digest, wrong_codes = 0, created_at = excluded.created_at, \
             expires_at = excluded.expires_at",
        )
        .bind(reset.id.as_str())
        .bind(reset.email.as_str())
        .bind(reset.ticket_digest)
        .bind(reset.link_digest)
        .bind(reset.created_at.0)
        .bind(reset.expires_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// How many mails resets of an address caused since then.
    pub async fn reset_mails_since(&mut self, reset: &NewPasswordReset<'_>, since: Timestamp) -> Result<i64> {
        sqlx::query(mails_since!())
            .bind(reset.email.as_str())
            .bind(since.0)
            .bind(reset.user_id.map_or("", UserId::as_str))
            .fetch_one(&mut *self.0)
            .await?
            .try_get("mails")
    }

    /// How many codes were tried for an address since then. The right one counts as well, as it is
    /// used: that is one a reset.
    pub async fn reset_tries_since(&mut self, email: &Email, since: Timestamp) -> Result<i64> {
        sqlx::query(
            "SELECT CAST(COALESCE(SUM(wrong_codes + wrong_email_codes), 0) AS BIGINT) AS tries \
             FROM password_resets WHERE email = $1 AND mailed_at > $2",
        )
        .bind(email.as_str())
        .bind(since.0)
        .fetch_one(&mut *self.0)
        .await?
        .try_get("tries")
    }

    /// Spends one try of the code in the browser that asked. Spending comes before comparing, so a
    /// thousand parallel guesses are still five.
    pub async fn try_reset_ticket(&mut self, ticket_digest: &str, now: Timestamp) -> Result<Option<ResetTry>> {
        sqlx::query_as(
            "UPDATE password_resets SET wrong_codes = wrong_codes + 1 WHERE ticket_digest = $1 AND used_at IS NULL \
             AND killed_at IS NULL AND expires_at > $2 AND wrong_codes < $3 RETURNING id, email, code_mac",
        )
        .bind(ticket_digest)
        .bind(now.0)
        .bind(MAX_WRONG_CODES)
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Spends one try of the live code of an address; there is at most one.
    pub async fn try_reset_email(&mut self, email: &Email, now: Timestamp) -> Result<Option<ResetTry>> {
        sqlx::query_as(
            "UPDATE password_resets SET wrong_email_codes = wrong_email_codes + 1 WHERE email = $1 \
             AND mailed_at IS NOT NULL AND used_at IS NULL AND killed_at IS NULL AND expires_at > $2 \
             AND wrong_email_codes < $3 RETURNING id, email, code_mac",
        )
        .bind(email.as_str())
        .bind(now.0)
        .bind(if weakened::is_off(Defence::Tries) { i64::MAX } else { MAX_WRONG_CODES })
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Consumes the token of a link, while its account still has the address it was mailed to.
    pub async fn use_reset_link(&mut self, link_digest: &str, now: Timestamp) -> Result<Option<UsedReset>> {
        sqlx::query_as(
            "UPDATE password_resets SET used_at = $2 WHERE link_digest = $1 \
             AND used_at IS NULL AND killed_at IS NULL AND expires_at > $2 \
             AND user_id IN (SELECT u.id FROM users u WHERE u.email = password_resets.email) RETURNING user_id, email",
        )
        .bind(link_digest)
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Consumes a reset whose code was right, under the same condition.
    pub async fn use_reset(&mut self, id: &PasswordResetId, now: Timestamp) -> Result<Option<UsedReset>> {
        sqlx::query_as(
            "UPDATE password_resets SET used_at = $2 WHERE id = $1 \
             AND used_at IS NULL AND killed_at IS NULL AND expires_at > $2 \
             AND user_id IN (SELECT u.id FROM users u WHERE u.email = password_resets.email) RETURNING user_id, email",
        )
        .bind(id.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Kills the resets of an account that were not used. Comes before any change of the account's
    /// own row, always: two transactions that took both in different order would wait for each other.
    pub async fn kill_user_resets(&mut self, user_id: &UserId, now: Timestamp) -> Result<()> {
        sqlx::query(
            "UPDATE password_resets SET killed_at = $2 WHERE user_id = $1 AND used_at IS NULL AND killed_at IS NULL",
        )
        .bind(user_id.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}

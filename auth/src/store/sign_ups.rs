//! Accounts that wait for their address to be proved.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::users::{locale, parsed};
use super::{Result, Store, Transaction};
use crate::id::{SignUpId, UserId};
use crate::{Email, Locale, PersonName, Timestamp};

/// Wrong codes after which a code is dead.
pub const MAX_WRONG_CODES: i64 = 5;

/// A sign-up to be stored.
pub struct NewSignUp<'a> {
    /// Its id.
    pub id: &'a SignUpId,
    /// The address to prove.
    pub email: &'a Email,
    /// What the person wants to be called.
    pub name: &'a PersonName,
    /// The language of the mail.
    pub locale: Locale,
    /// PHC string.
    pub password_hash: &'a str,
    /// The account the address already has.
    pub known_user: Option<&'a UserId>,
    /// Digest of the browser's ticket.
    pub ticket_digest: &'a str,
    /// Digest of the link's token.
    pub link_digest: &'a str,
    /// Keyed digest of the code.
    pub code_mac: &'a str,
    /// Now.
    pub created_at: Timestamp,
    /// When link and code end.
    pub expires_at: Timestamp,
}

/// A stored sign-up.
pub struct SignUpRow {
    /// Its id.
    pub id: SignUpId,
    /// The address to prove.
    pub email: Email,
    /// What the person wants to be called.
    pub name: PersonName,
    /// The language of the mail.
    pub locale: Locale,
    /// PHC string.
    pub password_hash: String,
    /// Whether the address has an account already, so that this row leads nowhere.
    pub is_known: bool,
    /// Wrong codes since the last mail.
    pub wrong_codes: i64,
    /// Mails sent so far.
    pub mails_sent: i64,
    /// When the last mail was promised.
    pub sent_at: Timestamp,
    /// When link and code end.
    pub expires_at: Timestamp,
    /// When the address was proved.
    pub used_at: Option<Timestamp>,
}

/// What a mailed link would prove, and for whom.
pub struct LiveLink {
    /// The address.
    pub email: Email,
    /// Digest of the ticket of the browser that signed up.
    pub ticket_digest: String,
    /// PHC string of the password that was chosen there.
    pub password_hash: String,
    /// Whether nobody knows that password: a passkey was made there instead, or the person came from a provider.
    pub has_no_password: bool,
}

impl FromRow<'_, AnyRow> for LiveLink {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            email: parsed(row, "email")?,
            ticket_digest: row.try_get("ticket_digest")?,
            password_hash: row.try_get("password_hash")?,
            has_no_password: row.try_get::<Option<String>, _>("passkey_credential_id")?.is_some()
                || row.try_get::<Option<String>, _>("identity_sealed")?.is_some(),
        })
    }
}

/// A waiting code, one try of which was spent.
pub struct CodeTry {
    /// Its sign-up.
    pub id: SignUpId,
    /// The address it was mailed to.
    pub email: Email,
    /// Its keyed digest.
    pub code_mac: String,
}

impl FromRow<'_, AnyRow> for CodeTry {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self { id: SignUpId(row.try_get("id")?), email: parsed(row, "email")?, code_mac: row.try_get("code_mac")? })
    }
}

/// A sign-up whose address was proved a moment ago.
pub struct Verified {
    /// Which one it was.
    pub sign_up: SignUpId,
    /// The proved address.
    pub email: Email,
    /// What the person wants to be called.
    pub name: PersonName,
    /// The language of mails.
    pub locale: Locale,
    /// PHC string.
    pub password_hash: String,
}

impl FromRow<'_, AnyRow> for SignUpRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: SignUpId(row.try_get("id")?),
            email: parsed(row, "email")?,
            name: PersonName::from(row.try_get::<String, _>("name")?),
            locale: locale(row)?,
            password_hash: row.try_get("password_hash")?,
            is_known: row.try_get::<Option<String>, _>("known_user_id")?.is_some(),
            wrong_codes: row.try_get("wrong_codes")?,
            mails_sent: row.try_get("mails_sent")?,
            sent_at: Timestamp(row.try_get("sent_at")?),
            expires_at: Timestamp(row.try_get("expires_at")?),
            used_at: row.try_get::<Option<i64>, _>("used_at")?.map(Timestamp),
        })
    }
}

impl FromRow<'_, AnyRow> for Verified {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            sign_up: SignUpId(row.try_get("id")?),
            email: parsed(row, "email")?,
            name: PersonName::from(row.try_get::<String, _>("name")?),
            locale: locale(row)?,
            password_hash: row.try_get("password_hash")?,
        })
    }
}

impl Store {
    /// The sign-up of a browser's ticket.
    pub async fn sign_up_by_ticket(&self, ticket_digest: &str) -> Result<Option<SignUpRow>> {
        sqlx::query_as(
            "SELECT id, email, name, locale, password_hash, known_user_id, wrong_codes, mails_sent, \
             sent_at, expires_at, used_at FROM sign_ups WHERE ticket_digest = $1",
        )
        .bind(ticket_digest)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }

    /// The newest sign-up for an address that still waits. One for a known address waits as well:
    /// who signs in with its password must see no difference.
    pub async fn waiting_sign_up(&self, email: &Email, now: Timestamp) -> Result<Option<SignUpRow>> {
        sqlx::query_as(
            "SELECT id, email, name, locale, password_hash, known_user_id, wrong_codes, mails_sent, \
             sent_at, expires_at, used_at FROM sign_ups \
             WHERE email = $1 AND used_at IS NULL AND expires_at > $2 \
             ORDER BY created_at DESC LIMIT 1",
        )
        .bind(email.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }

    /// The sign-up behind a link's token, while it can still prove its address. Changes nothing.
    pub async fn live_link(&self, link_digest: &str, now: Timestamp) -> Result<Option<LiveLink>> {
        sqlx::query_as(
            "SELECT email, ticket_digest, password_hash, passkey_credential_id, identity_sealed FROM sign_ups \
             WHERE link_digest = $1 AND used_at IS NULL AND expires_at > $2",
        )
        .bind(link_digest)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// Stores a sign-up.
    pub async fn insert_sign_up(&mut self, sign_up: NewSignUp<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO sign_ups (id, email, name, locale, password_hash, known_user_id, \
             ticket_digest, link_digest, code_mac, wrong_codes, wrong_email_codes, mails_sent, sent_at, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 1, $10, $10, $11)",
        )
        .bind(sign_up.id.as_str())
        .bind(sign_up.email.as_str())
        .bind(sign_up.name.as_str())
        .bind(sign_up.locale.tag())
        .bind(sign_up.password_hash)
        .bind(sign_up.known_user.map(UserId::as_str))
        .bind(sign_up.ticket_digest)
        .bind(sign_up.link_digest)
        .bind(sign_up.code_mac)
        .bind(sign_up.created_at.0)
        .bind(sign_up.expires_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Keeps with a sign-up who the person is at a provider, sealed.
    pub async fn set_sign_up_identity(&mut self, id: &SignUpId, identity_sealed: &str) -> Result<()> {
        sqlx::query("UPDATE sign_ups SET identity_sealed = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(identity_sealed)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Who the person of a sign-up is at a provider, sealed; none when they came from none.
    pub async fn sign_up_identity(&mut self, id: &SignUpId) -> Result<Option<String>> {
        let row = sqlx::query("SELECT identity_sealed FROM sign_ups WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&mut *self.0)
            .await?;
        row.map_or(Ok(None), |row| row.try_get("identity_sealed"))
    }

    /// Consumes the token of a link.
    pub async fn consume_link(&mut self, digest: &str, now: Timestamp) -> Result<Option<Verified>> {
        sqlx::query_as(
            "UPDATE sign_ups SET used_at = $2 WHERE link_digest = $1 AND used_at IS NULL \
             AND known_user_id IS NULL AND expires_at > $2 \
             RETURNING id, email, name, locale, password_hash",
        )
        .bind(digest)
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Spends one try of the code in the browser that signed up. Spending comes before comparing,
    /// so a thousand parallel guesses are still five.
    pub async fn try_ticket_code(&mut self, ticket_digest: &str, now: Timestamp) -> Result<Vec<CodeTry>> {
        sqlx::query_as(
            "UPDATE sign_ups SET wrong_codes = wrong_codes + 1 WHERE ticket_digest = $1 \
             AND used_at IS NULL AND expires_at > $2 AND wrong_codes < $3 RETURNING id, email, code_mac",
        )
        .bind(ticket_digest)
        .bind(now.0)
        .bind(MAX_WRONG_CODES)
        .fetch_all(&mut *self.0)
        .await
    }

    /// Spends one try of the newest code that was mailed to an address. Only that one: ten waiting
    /// sign-ups must not be ten codes to guess at.
    pub async fn try_email_code(&mut self, email: &Email, now: Timestamp) -> Result<Vec<CodeTry>> {
        sqlx::query_as(
            "UPDATE sign_ups SET wrong_email_codes = wrong_email_codes + 1 WHERE wrong_email_codes < $3 \
             AND used_at IS NULL AND id = (SELECT id FROM sign_ups WHERE email = $1 AND used_at IS NULL \
             AND expires_at > $2 AND code_mac <> '' AND passkey_credential_id IS NULL AND identity_sealed IS NULL \
             ORDER BY sent_at DESC, created_at DESC, id DESC LIMIT 1) RETURNING id, email, code_mac",
        )
        .bind(email.as_str())
        .bind(now.0)
        .bind(MAX_WRONG_CODES)
        .fetch_all(&mut *self.0)
        .await
    }

    /// Consumes a sign-up whose code was right.
    pub async fn consume_sign_up(&mut self, id: &SignUpId, now: Timestamp) -> Result<Option<Verified>> {
        sqlx::query_as(
            "UPDATE sign_ups SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND known_user_id IS NULL \
             RETURNING id, email, name, locale, password_hash",
        )
        .bind(id.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await
    }

    /// How many mails sign-ups of an address caused since then.
    pub async fn sign_up_mails_since(&mut self, email: &Email, since: Timestamp) -> Result<i64> {
        sqlx::query(
            "SELECT CAST(COALESCE(SUM(mails_sent), 0) AS BIGINT) AS mails FROM sign_ups \
             WHERE email = $1 AND sent_at > $2",
        )
        .bind(email.as_str())
        .bind(since.0)
        .fetch_one(&mut *self.0)
        .await?
        .try_get("mails")
    }

    /// Hands the waiting page to another browser.
    pub async fn replace_ticket(&mut self, id: &SignUpId, ticket_digest: &str) -> Result<()> {
        sqlx::query("UPDATE sign_ups SET ticket_digest = $2 WHERE id = $1 AND used_at IS NULL")
            .bind(id.as_str())
            .bind(ticket_digest)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Replaces link, code and, when given, the browser's ticket; the older ones are dead. `false`
    /// when the last mail is younger than `not_after`, the limit of mails is reached, or the
    /// sign-up no longer waits: one statement decides, so parallel requests send one mail.
    pub async fn renew_sign_up(&mut self, renewal: Renewal<'_>) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE sign_ups SET link_digest = $2, code_mac = $3, wrong_codes = 0, wrong_email_codes = 0, \
             mails_sent = mails_sent + 1, sent_at = $4, ticket_digest = COALESCE($5, ticket_digest) \
             WHERE id = $1 AND used_at IS NULL AND expires_at > $4 AND sent_at <= $6 AND mails_sent < $7",
        )
        .bind(renewal.id.as_str())
        .bind(renewal.link_digest)
        .bind(renewal.code_mac)
        .bind(renewal.now.0)
        .bind(renewal.ticket_digest)
        .bind(renewal.not_after.0)
        .bind(renewal.max_mails)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}

/// New secrets for a waiting sign-up.
pub struct Renewal<'a> {
    /// Which one.
    pub id: &'a SignUpId,
    /// Digest of the new link's token.
    pub link_digest: &'a str,
    /// Keyed digest of the new code.
    pub code_mac: &'a str,
    /// Digest of a new ticket, when another browser takes over.
    pub ticket_digest: Option<&'a str>,
    /// Now.
    pub now: Timestamp,
    /// The last mail must be at least this old.
    pub not_after: Timestamp,
    /// Most mails one sign-up may cause.
    pub max_mails: i64,
}

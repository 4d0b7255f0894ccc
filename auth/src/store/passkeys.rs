//! Passkeys: public keys, so nothing here is secret.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, SignUpRow, Store, Transaction};
use crate::factor::passkey::FreshPasskey;
use crate::id::{PasskeyId, SignUpId, UserId};
use crate::{Timestamp, TokenName};

/// A passkey to be stored.
pub struct NewPasskey<'a> {
    /// Its id.
    pub id: &'a PasskeyId,
    /// Whose it is.
    pub user_id: &'a UserId,
    /// What it is called.
    pub name: &'a TokenName,
    /// What was verified of it.
    pub(crate) passkey: &'a FreshPasskey,
    /// Now.
    pub created_at: Timestamp,
}

/// A stored passkey.
pub struct PasskeyRow {
    /// Its id.
    pub id: PasskeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// What its authenticator calls it, in base64url.
    pub credential_id: String,
    /// The public key and its counter, as the library writes it.
    pub credential: String,
    /// The model of the authenticator, as a UUID.
    pub aaguid: String,
    /// Ways to it, separated by blanks.
    pub transports: String,
    /// Whether it may leave its device.
    pub is_synced: bool,
    /// What its owner calls it.
    pub name: TokenName,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// When its counter last did not go on.
    pub counter_regressed_at: Option<Timestamp>,
}

/// The passkey of a sign-up that waits for its address.
pub struct WaitingPasskey {
    /// The account it is for.
    pub user_id: UserId,
    /// What was verified of it.
    pub(crate) passkey: FreshPasskey,
}

const SYNCED: &str = "synced";
const DEVICE_BOUND: &str = "device";

/// The columns of a passkey.
macro_rules! passkey_columns {
    () => {
        "id, user_id, credential_id, credential, aaguid, transports, binding, name, created_at, last_used_at, \
         counter_regressed_at"
    };
}

impl FromRow<'_, AnyRow> for PasskeyRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: PasskeyId(row.try_get("id")?),
            user_id: UserId(row.try_get("user_id")?),
            credential_id: row.try_get("credential_id")?,
            credential: row.try_get("credential")?,
            aaguid: row.try_get("aaguid")?,
            transports: row.try_get("transports")?,
            is_synced: row.try_get::<String, _>("binding")? == SYNCED,
            name: TokenName::from(row.try_get::<String, _>("name")?),
            created_at: Timestamp(row.try_get("created_at")?),
            last_used_at: row.try_get::<Option<i64>, _>("last_used_at")?.map(Timestamp),
            counter_regressed_at: row.try_get::<Option<i64>, _>("counter_regressed_at")?.map(Timestamp),
        })
    }
}

impl Store {
    /// The passkeys of an account, the oldest first. There are few: their number is bounded where they are made.
    pub async fn passkeys_of(&self, user: &UserId) -> Result<Vec<PasskeyRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            passkey_columns!(),
            " FROM passkeys WHERE user_id = $1 ORDER BY created_at, id LIMIT 100"
        ))
        .bind(user.as_str())
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// The passkey of this id, whosever it is.
    pub async fn passkey_by_credential(&self, credential_id: &str) -> Result<Option<PasskeyRow>> {
        sqlx::query_as(concat!("SELECT ", passkey_columns!(), " FROM passkeys WHERE credential_id = $1"))
            .bind(credential_id)
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }

    /// The newest sign-up with this passkey that waits for its address.
    pub async fn waiting_sign_up_by_passkey(
        &self,
        credential_id: &str,
        now: Timestamp,
    ) -> Result<Option<(SignUpRow, WaitingPasskey)>> {
        let row = sqlx::query(
            "SELECT id, email, name, locale, password_hash, known_user_id, wrong_codes, mails_sent, sent_at, \
             expires_at, used_at, passkey FROM sign_ups WHERE passkey_credential_id = $1 AND used_at IS NULL \
             AND expires_at > $2 ORDER BY created_at DESC LIMIT 1",
        )
        .bind(credential_id)
        .bind(now.0)
        .fetch_optional(&mut *self.read.get().await?)
        .await?;
        let Some(row) = row else { return Ok(None) };
        waiting_passkey(&row)?.map(|passkey| SignUpRow::from_row(&row).map(|row| (row, passkey))).transpose()
    }
}

impl Transaction {
    /// Stores a passkey; `false` when an account has it.
    pub async fn insert_passkey(&mut self, new: NewPasskey<'_>) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO passkeys (id, user_id, credential_id, credential, aaguid, transports, binding, name, \
             created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (credential_id) DO NOTHING",
        )
        .bind(new.id.as_str())
        .bind(new.user_id.as_str())
        .bind(new.passkey.credential_id.as_str())
        .bind(new.passkey.credential.as_str())
        .bind(new.passkey.aaguid.as_str())
        .bind(new.passkey.transports.as_str())
        .bind(if new.passkey.is_synced { SYNCED } else { DEVICE_BOUND })
        .bind(new.name.as_str())
        .bind(new.created_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// How many passkeys an account has. Exact for whoever holds the account.
    pub async fn count_passkeys(&mut self, user: &UserId) -> Result<i64> {
        sqlx::query("SELECT CAST(COUNT(id) AS BIGINT) AS passkeys FROM passkeys WHERE user_id = $1")
            .bind(user.as_str())
            .fetch_one(&mut *self.0)
            .await?
            .try_get("passkeys")
    }

    /// Notes a use: `false` when the passkey was removed, or used in another way, since `before` was read.
    pub async fn note_passkey_use(
        &mut self,
        id: &PasskeyId,
        before: &str,
        after: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let done =
            sqlx::query("UPDATE passkeys SET credential = $3, last_used_at = $4 WHERE id = $1 AND credential = $2")
                .bind(id.as_str())
                .bind(before)
                .bind(after)
                .bind(now.0)
                .execute(&mut *self.0)
                .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Notes that a counter did not go on; `false` when that was noted after `since`.
    pub async fn note_regressed_counter(&mut self, id: &PasskeyId, now: Timestamp, since: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE passkeys SET counter_regressed_at = $2 WHERE id = $1 \
             AND (counter_regressed_at IS NULL OR counter_regressed_at <= $3)",
        )
        .bind(id.as_str())
        .bind(now.0)
        .bind(since.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Calls a passkey something else; `false` when the account has none of this id.
    pub async fn rename_passkey(&mut self, user: &UserId, id: &PasskeyId, name: &TokenName) -> Result<bool> {
        let done = sqlx::query("UPDATE passkeys SET name = $3 WHERE id = $1 AND user_id = $2")
            .bind(id.as_str())
            .bind(user.as_str())
            .bind(name.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Removes a passkey; `false` when the account has none of this id.
    pub async fn delete_passkey(&mut self, user: &UserId, id: &PasskeyId) -> Result<bool> {
        let done = sqlx::query("DELETE FROM passkeys WHERE id = $1 AND user_id = $2")
            .bind(id.as_str())
            .bind(user.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Removes the passkeys of an account that were made at this moment or later; gives how many those were.
    pub async fn delete_passkeys_since(&mut self, user: &UserId, since: Timestamp) -> Result<u64> {
        let done = sqlx::query("DELETE FROM passkeys WHERE user_id = $1 AND created_at >= $2")
            .bind(user.as_str())
            .bind(since.0)
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected())
    }

    /// Gives a sign-up the passkey that it is made with.
    pub(crate) async fn set_sign_up_passkey(
        &mut self,
        id: &SignUpId,
        user: &UserId,
        passkey: &FreshPasskey,
    ) -> Result<()> {
        let text = serde_json::to_string(&(user, passkey)).map_err(|error| sqlx::Error::Encode(error.into()))?;
        sqlx::query("UPDATE sign_ups SET passkey = $2, passkey_credential_id = $3 WHERE id = $1")
            .bind(id.as_str())
            .bind(text)
            .bind(passkey.credential_id.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// The passkey that a sign-up was made with; none when it was made with a password.
    pub async fn sign_up_passkey(&mut self, id: &SignUpId) -> Result<Option<WaitingPasskey>> {
        let row = sqlx::query("SELECT passkey FROM sign_ups WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&mut *self.0)
            .await?;
        row.as_ref().map_or(Ok(None), waiting_passkey)
    }

    /// Whether an account has this passkey.
    pub async fn is_passkey_known(&mut self, credential_id: &str) -> Result<bool> {
        let row = sqlx::query("SELECT id FROM passkeys WHERE credential_id = $1")
            .bind(credential_id)
            .fetch_optional(&mut *self.0)
            .await?;
        Ok(row.is_some())
    }
}

fn waiting_passkey(row: &AnyRow) -> Result<Option<WaitingPasskey>> {
    let Some(text) = row.try_get::<Option<String>, _>("passkey")? else { return Ok(None) };
    let (user_id, passkey) = serde_json::from_str(&text)
        .map_err(|error| sqlx::Error::ColumnDecode { index: "passkey".to_owned(), source: error.into() })?;
    Ok(Some(WaitingPasskey { user_id, passkey }))
}

//! Sessions of anybody, live or ended, and the refresh token families behind them: for administrators.

use sqlx::any::AnyRow;
use sqlx::{Any, FromRow, Row};

use super::users::parsed;
use super::{AuditRow, Result, Store, Transaction};
use crate::id::{SessionId, UserId};
use crate::paging::{Place, rows_to_ask};
use crate::{Email, EventFilter, PersonName, Timestamp};

/// A session of anybody, live or not.
pub struct AnySessionRow {
    /// The session.
    pub id: SessionId,
    /// Browser and system in words.
    pub device: String,
    /// Where it came from.
    pub address: String,
    /// How it was proved.
    pub method: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When its newest token was issued.
    pub last_seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// Why it was ended.
    pub end_reason: Option<String>,
}

impl FromRow<'_, AnyRow> for AnySessionRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: SessionId(row.try_get("id")?),
            device: row.try_get("device")?,
            address: row.try_get("address")?,
            method: row.try_get("method")?,
            created_at: Timestamp(row.try_get("created_at")?),
            last_seen_at: Timestamp(row.try_get("last_seen_at")?),
            expires_at: Timestamp(row.try_get("expires_at")?),
            ended_at: row.try_get::<Option<i64>, _>("ended_at")?.map(Timestamp),
            end_reason: row.try_get("end_reason")?,
        })
    }
}

/// A session with its person and what its tokens tell together.
pub struct FamilyRow {
    /// The session.
    pub session: AnySessionRow,
    /// Whose it is.
    pub user_id: UserId,
    /// The proved address.
    pub email: Email,
    /// What the person wants to be called.
    pub name: PersonName,
    /// The generation of the newest token.
    pub newest_generation: i64,
    /// The token that was used again after its time.
    pub reused_generation: Option<i64>,
}

impl FromRow<'_, AnyRow> for FamilyRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            session: AnySessionRow::from_row(row)?,
            user_id: UserId(row.try_get("user_id")?),
            email: parsed(row, "email")?,
            name: PersonName::from(row.try_get::<String, _>("name")?),
            newest_generation: row.try_get("newest_generation")?,
            reused_generation: row.try_get("reused_generation")?,
        })
    }
}

/// A token of a family, or those of one slot of time and one device.
pub struct StepRow {
    /// The generation of the first.
    pub first: i64,
    /// The generation of the last.
    pub last: i64,
    /// How many there are.
    pub tokens: i64,
    /// When the first was issued.
    pub since: Timestamp,
    /// When the last was issued.
    pub until: Timestamp,
    /// Browser and system in words.
    pub device: String,
    /// One of the addresses.
    pub address: String,
    /// How many addresses there were.
    pub addresses: i64,
}

impl FromRow<'_, AnyRow> for StepRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            first: row.try_get("first_generation")?,
            last: row.try_get("last_generation")?,
            tokens: row.try_get("tokens")?,
            since: Timestamp(row.try_get("issued_since")?),
            until: Timestamp(row.try_get("issued_until")?),
            device: row.try_get("device")?,
            address: row.try_get("address")?,
            addresses: row.try_get("addresses")?,
        })
    }
}

/// The columns of a session of anybody.
macro_rules! any_session {
    () => {
        "s.id, s.device, s.address, s.method, s.created_at, s.expires_at, s.ended_at, s.end_reason, \
         COALESCE((SELECT t.issued_at FROM refresh_tokens t WHERE t.session_id = s.id \
         ORDER BY t.generation DESC LIMIT 1), s.created_at) AS last_seen_at"
    };
}

impl Store {
    /// Sessions of an account that are still stored, live or ended, that follow `place`; the newest
    /// first. Sorts all sessions of the account: few, even in half a year.
    pub async fn any_sessions_of(&self, user: &UserId, place: &Place) -> Result<Vec<AnySessionRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            any_session!(),
            " FROM sessions s WHERE s.user_id = $1 AND (s.created_at, s.id) < ($2, $3) \
             ORDER BY s.created_at DESC, s.id DESC LIMIT $4"
        ))
        .bind(user.as_str())
        .bind(place.at.0)
        .bind(place.id.as_str())
        .bind(rows_to_ask())
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// A session with its person, live or ended.
    pub async fn family(&self, session: &SessionId) -> Result<Option<FamilyRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            any_session!(),
            ", s.reused_generation, u.id AS user_id, u.email, u.name, \
             CAST(COALESCE((SELECT MAX(m.generation) FROM refresh_tokens m WHERE m.session_id = s.id), 0) AS BIGINT) \
             AS newest_generation FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1"
        ))
        .bind(session.as_str())
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }

    /// The tokens of a family, one by one, oldest first.
    pub async fn family_tokens(&self, session: &AnySessionRow, most: i64) -> Result<Vec<StepRow>> {
        sqlx::query_as(
            "SELECT generation AS first_generation, generation AS last_generation, CAST(1 AS BIGINT) AS tokens, \
             issued_at AS issued_since, issued_at AS issued_until, COALESCE(address, $2) AS address, \
             CAST(1 AS BIGINT) AS addresses, COALESCE(device, $3) AS device \
             FROM refresh_tokens WHERE session_id = $1 ORDER BY generation LIMIT $4",
        )
        .bind(session.id.as_str())
        .bind(session.address.as_str())
        .bind(session.device.as_str())
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// The tokens of a long family by slots of time, counted from the sign-in, and by device; oldest
    /// first. `slot` in milliseconds.
    pub async fn family_slots(&self, session: &AnySessionRow, slot: i64, most: i64) -> Result<Vec<StepRow>> {
        sqlx::query_as(
            "SELECT CAST(MIN(generation) AS BIGINT) AS first_generation, \
             CAST(MAX(generation) AS BIGINT) AS last_generation, CAST(COUNT(*) AS BIGINT) AS tokens, \
             CAST(MIN(issued_at) AS BIGINT) AS issued_since, CAST(MAX(issued_at) AS BIGINT) AS issued_until, \
             MIN(COALESCE(address, $2)) AS address, \
             CAST(COUNT(DISTINCT COALESCE(address, $2)) AS BIGINT) AS addresses, COALESCE(device, $3) AS device \
             FROM refresh_tokens WHERE session_id = $1 \
             GROUP BY (issued_at - $4) / $5, COALESCE(device, $3) ORDER BY first_generation LIMIT $6",
        )
        .bind(session.id.as_str())
        .bind(session.address.as_str())
        .bind(session.device.as_str())
        .bind(session.created_at.0)
        .bind(slot)
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// How a session began and ended, as the audit log tells it; newest first.
    pub async fn sign_in_events_of(&self, session: &SessionId, most: i64) -> Result<Vec<AuditRow>> {
        sqlx::query_as::<Any, AuditRow>(
            "SELECT id, at, kind, session_id, address, device FROM audit_events \
             WHERE session_id = $1 AND topic = $2 ORDER BY at DESC, id DESC LIMIT $3",
        )
        .bind(session.as_str())
        .bind(EventFilter::SignIn.as_str())
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// Notes which token of a family was used again.
    pub async fn note_reused_generation(&mut self, session: &SessionId, generation: i64) -> Result<()> {
        sqlx::query("UPDATE sessions SET reused_generation = $2 WHERE id = $1")
            .bind(session.as_str())
            .bind(generation)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}

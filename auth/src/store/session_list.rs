//! The signed-in devices of one person, and ending them.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::news::Topic;
use super::sessions::{is_live, live_session};
use super::{Result, SessionRow, Store, Transaction};
use crate::Timestamp;
use crate::id::{SessionId, UserId};
use crate::paging::{Place, rows_to_ask};

/// Live sessions that an account keeps.
pub(super) const MOST_SESSIONS: i64 = 200;
/// How many are ended at once of those of before there was such a bound.
const BITE: i64 = 1000;

/// A live session in its owner's list.
pub struct ListedSession {
    /// The session.
    pub session: SessionRow,
    /// Where it came from.
    pub address: String,
    /// When the newest token of its family was issued.
    pub last_seen_at: Timestamp,
}

impl FromRow<'_, AnyRow> for ListedSession {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            session: SessionRow::from_row(row)?,
            address: row.try_get("address")?,
            last_seen_at: Timestamp(row.try_get("last_seen_at")?),
        })
    }
}

impl Store {
    /// Sessions of a person that have not ended, seen since `idle_since`, that follow `place`; the
    /// newest seen first.
    pub async fn live_sessions(
        &self,
        user: &UserId,
        now: Timestamp,
        idle_since: Timestamp,
        place: &Place,
    ) -> Result<Vec<ListedSession>> {
        sqlx::query_as(concat!(
            "SELECT s.address, newest.issued_at AS last_seen_at, ",
            live_session!(),
            " WHERE s.user_id = $1 AND ",
            is_live!(),
            " AND (newest.issued_at, s.id) < ($4, $5) ORDER BY newest.issued_at DESC, s.id DESC LIMIT $6"
        ))
        .bind(user.as_str())
        .bind(now.0)
        .bind(idle_since.0)
        .bind(place.at.0)
        .bind(place.id.as_str())
        .bind(rows_to_ask())
        .fetch_all(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// Ends a session of this person; `false` when there is no such session or it had ended before.
    pub async fn end_session_of(
        &mut self,
        user: &UserId,
        id: &SessionId,
        reason: &str,
        now: Timestamp,
    ) -> Result<bool> {
        self.1.tell_others(Topic::Revocations);
        let done = sqlx::query(
            "UPDATE sessions SET ended_at = $4, end_reason = $3 WHERE id = $2 AND user_id = $1 AND ended_at IS NULL",
        )
        .bind(user.as_str())
        .bind(id.as_str())
        .bind(reason)
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether a session, ended or not, is this person's.
    pub async fn is_session_of(&mut self, user: &UserId, id: &SessionId) -> Result<bool> {
        let row = sqlx::query("SELECT id FROM sessions WHERE id = $2 AND user_id = $1")
            .bind(user.as_str())
            .bind(id.as_str())
            .fetch_optional(&mut *self.0)
            .await?;
        Ok(row.is_some())
    }

    /// Ends the oldest sessions beyond those that an account keeps, `begun` being among these, and names them. Those in which
    /// somebody else acts end by themselves. For whoever holds the account.
    pub async fn end_oldest_sessions(
        &mut self,
        user: &UserId,
        begun: &SessionId,
        now: Timestamp,
    ) -> Result<Vec<SessionId>> {
        sqlx::query(
            "UPDATE sessions SET ended_at = $3, end_reason = 'too_many_sessions' WHERE id IN (SELECT id FROM sessions \
             WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $3 AND impersonator_id IS NULL AND id <> $2 \
             ORDER BY expires_at DESC, id DESC LIMIT $4 OFFSET $5) AND ended_at IS NULL RETURNING id",
        )
        .bind(user.as_str())
        .bind(begun.as_str())
        .bind(now.0)
        .bind(BITE)
        .bind(MOST_SESSIONS - 1)
        .fetch_all(&mut *self.0)
        .await?
        .iter()
        .map(|row| row.try_get("id").map(SessionId))
        .collect()
    }

    /// Ends every session of a person except `kept`, and names those it ended. One that was idle for
    /// too long ends as well: a longer limit must not bring it back.
    pub async fn end_sessions_except(
        &mut self,
        user: &UserId,
        kept: &SessionId,
        reason: &str,
        now: Timestamp,
    ) -> Result<Vec<SessionId>> {
        self.1.tell_others(Topic::Revocations);
        sqlx::query(
            "UPDATE sessions SET ended_at = $4, end_reason = $3 WHERE user_id = $1 AND id <> $2 \
             AND ended_at IS NULL AND expires_at > $4 RETURNING id",
        )
        .bind(user.as_str())
        .bind(kept.as_str())
        .bind(reason)
        .bind(now.0)
        .fetch_all(&mut *self.0)
        .await?
        .iter()
        .map(|row| row.try_get("id").map(SessionId))
        .collect()
    }
}

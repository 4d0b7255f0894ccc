//! What is known of a person, to hand it out.

use sqlx::Row;

use super::users::parsed;
use super::{Result, Store};
use crate::id::{SessionId, UserId};
use crate::view::{EmailChangeRecord, Origin, SessionRecord};
use crate::{FactorMethod, Timestamp};

/// Most places of all sessions of a person together.
const MOST_PLACES: i64 = 10_000;

impl Store {
    /// From where else than at their sign-in the sessions of a person were used, as far as it is known.
    async fn places_of(&self, user: &UserId) -> Result<Vec<(String, Origin)>> {
        sqlx::query(
            "SELECT DISTINCT t.session_id, COALESCE(t.device, s.device) AS device, \
             COALESCE(t.address, s.address) AS address \
             FROM sessions s JOIN refresh_tokens t ON t.session_id = s.id \
             WHERE s.user_id = $1 AND (t.address <> '' OR t.device <> '') LIMIT $2",
        )
        .bind(user.as_str())
        .bind(MOST_PLACES)
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(|row| {
            let origin = Origin { device: row.try_get("device")?, address: Some(row.try_get("address")?) };
            Ok((row.try_get("session_id")?, origin))
        })
        .collect()
    }

    /// Every session of a person that is still stored, live or ended, newest first.
    pub async fn sessions_of(&self, user: &UserId) -> Result<Vec<SessionRecord>> {
        let places = self.places_of(user).await?;
        sqlx::query(
            "SELECT id, device, address, method, factor, created_at, ended_at FROM sessions WHERE user_id = $1 \
             ORDER BY created_at DESC",
        )
        .bind(user.as_str())
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(|row| {
            let id = SessionId(row.try_get("id")?);
            let elsewhere = places.iter().filter(|(session, _)| *session == id.0).map(|(_, origin)| origin.clone());
            Ok(SessionRecord {
                elsewhere: elsewhere.collect(),
                id,
                device: row.try_get("device")?,
                address: row.try_get("address")?,
                method: row.try_get("method")?,
                factor: FactorMethod::parse(row.try_get("factor")?),
                signed_in_at: Timestamp(row.try_get("created_at")?),
                ended_at: row.try_get::<Option<i64>, _>("ended_at")?.map(Timestamp),
            })
        })
        .collect()
    }

    /// Every change of a person's address that is still stored, newest first.
    pub async fn email_changes_of(&self, user: &UserId) -> Result<Vec<EmailChangeRecord>> {
        sqlx::query(
            "SELECT old_email, new_email, created_at, confirmed_at, undone_at FROM email_changes \
             WHERE user_id = $1 ORDER BY created_at DESC",
        )
        .bind(user.as_str())
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(|row| {
            Ok(EmailChangeRecord {
                old_email: parsed(row, "old_email")?,
                new_email: parsed(row, "new_email")?,
                requested_at: Timestamp(row.try_get("created_at")?),
                confirmed_at: row.try_get::<Option<i64>, _>("confirmed_at")?.map(Timestamp),
                undone_at: row.try_get::<Option<i64>, _>("undone_at")?.map(Timestamp),
            })
        })
        .collect()
    }
}

//! What a sign-in asks of the account it enters.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::audit::INSERT_EVENT;
use super::refresh_tokens::INSERT_FIRST_TOKEN;
use super::session_list::MOST_SESSIONS;
use super::sessions::INSERT_SESSION;
use super::users::user_columns;
use super::{AuditEvent, NewSession, Result, Statement, Store, Transaction, UserRow};
use crate::id::UserId;
use crate::{Email, EventKind, Timestamp};

/// Live sessions beyond those that an account keeps that may come before they are cut, where a sign-in changes nothing else.
const SPARE_SESSIONS: i64 = 50;

/// Who enters an account, and by what.
pub struct Entry<'a> {
    /// The account.
    pub user_id: &'a UserId,
    /// The hash that the password was verified against; none for an account without a password.
    pub verified: Option<&'a str>,
    /// The same, or one of today's cost.
    pub password_hash: Option<&'a str>,
    /// Browser and system in words.
    pub device: &'a str,
    /// A device that no session used since then is new.
    pub device_since: Timestamp,
    /// Whether a factor was proved, is asked for, or the device is trusted: otherwise the account must have none.
    pub passes_factors: bool,
    /// Now: an account that is suspended lets nobody in.
    pub now: Timestamp,
}

/// What an account knows of whoever stands at its door.
#[derive(Clone, Debug, Default)]
pub struct Acquaintance {
    /// One of its sessions used the device lately.
    pub knows_device: bool,
    /// It has had a session that is still remembered.
    pub was_used: bool,
    /// A session of it was ended lately because one of its tokens was used twice.
    pub was_reused: bool,
    /// It has far more live sessions than it keeps.
    pub is_crowded: bool,
    /// When and from which address it was used last, as far as its newest session, the one that ended last and its newest one
    /// with this device tell.
    pub last_use: Option<(Timestamp, String)>,
}

/// What a way in leaves behind.
pub struct NewFamily<'a> {
    /// The session.
    pub session: NewSession<'a>,
    /// The digest of its first refresh token.
    pub token_digest: &'a str,
    /// The line of the audit log.
    pub event: AuditEvent<'a>,
}

/// When and from where a session was used last, as one text: the newest one of those whose end `IS NULL`, or the one of the
/// others that ended last. Backwards along the index of the sessions of an account.
macro_rules! last_use_of_session {
    ($end:literal) => {
        concat!(
            "(SELECT CAST(t.issued_at AS TEXT) || ' ' || COALESCE(t.address, (SELECT o.address FROM sessions o \
             WHERE o.id = t.session_id)) FROM refresh_tokens t WHERE t.session_id = (SELECT s.id FROM sessions s \
             WHERE s.user_id = users.id AND s.ended_at ",
            $end,
            " AND s.impersonator_id IS NULL ORDER BY s.ended_at DESC, s.expires_at DESC LIMIT 1) \
             ORDER BY t.generation DESC LIMIT 1)"
        )
    };
}

/// When and from where the account signed in last with the device `$2`, ended or not.
macro_rules! last_sign_in_with_device {
    () => {
        "(SELECT CAST(s.created_at AS TEXT) || ' ' || s.address FROM sessions s WHERE s.user_id = users.id \
         AND s.device = $2 AND s.impersonator_id IS NULL ORDER BY s.created_at DESC LIMIT 1)"
    };
}

const HOLD: &str = "UPDATE users SET password_hash = NULLIF($3, '') WHERE id = $1 AND COALESCE(password_hash, '') = $2 \
     AND (factors = '' OR CAST($8 AS BIGINT) = 1) AND suspended_until <= $9 RETURNING CAST(CASE \
     WHEN EXISTS (SELECT s.id FROM sessions s WHERE s.user_id = $1 AND s.device = $4 AND s.created_at > $5 \
     AND s.impersonator_id IS NULL) THEN 0 \
     WHEN EXISTS (SELECT s.id FROM sessions s WHERE s.user_id = $1 AND s.impersonator_id IS NULL) THEN 1 \
     WHEN EXISTS (SELECT e.id FROM audit_events e \
     WHERE e.user_id = $1 AND e.topic = $6 AND e.kind = $7) THEN 1 \
     ELSE 0 END AS BIGINT) AS is_new";

impl Store {
    /// The account with this proved address, and what it knows of whoever comes: whether one of its sessions used the
    /// device since `device_since`, whether a token of it was used twice since `reused_since`, and whether too many sessions go
    /// on `now`. Each is one step along an index, or so many entries of one, so that a sign-in need not ask again.
    pub async fn account_at_the_door(
        &self,
        email: &Email,
        device: &str,
        device_since: Timestamp,
        reused_since: Timestamp,
        now: Timestamp,
    ) -> Result<Option<(UserRow, Acquaintance)>> {
        let row = sqlx::query(concat!(
            "SELECT ",
            user_columns!(),
            ", CAST(CASE WHEN EXISTS (SELECT s.id FROM sessions s WHERE s.user_id = users.id AND s.device = $2 \
             AND s.created_at > $3 AND s.impersonator_id IS NULL) THEN 1 ELSE 0 END AS BIGINT) AS knows_device, ",
            "CAST(CASE WHEN EXISTS (SELECT s.id FROM sessions s WHERE s.user_id = users.id \
             AND s.impersonator_id IS NULL) THEN 1 ELSE 0 END AS BIGINT) AS was_used, ",
            "CAST(CASE WHEN EXISTS (SELECT s.id FROM sessions s WHERE s.user_id = users.id AND s.ended_at > $4 \
             AND s.end_reason = 'refresh_token_reuse') THEN 1 ELSE 0 END AS BIGINT) AS was_reused, ",
            "CAST(COALESCE((SELECT 1 FROM sessions s WHERE s.user_id = users.id AND s.ended_at IS NULL \
             AND s.expires_at > $5 LIMIT 1 OFFSET $6), 0) AS BIGINT) AS is_crowded, ",
            last_use_of_session!("IS NULL"),
            " AS last_live, ",
            last_use_of_session!("IS NOT NULL"),
            " AS last_ended, ",
            last_sign_in_with_device!(),
            " AS last_here FROM users WHERE email = $1"
        ))
        .bind(email.as_str())
        .bind(device)
        .bind(device_since.0)
        .bind(reused_since.0)
        .bind(now.0)
        .bind(MOST_SESSIONS + SPARE_SESSIONS - 1)
        .fetch_optional(&mut *self.read.get().await?)
        .await?;
        row.map(|row| Ok((UserRow::from_row(&row)?, Acquaintance::from_row(&row)?))).transpose()
    }
}

impl FromRow<'_, AnyRow> for Acquaintance {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let uses: [Option<String>; 3] =
            [row.try_get("last_live")?, row.try_get("last_ended")?, row.try_get("last_here")?];
        Ok(Self {
            knows_device: row.try_get::<i64, _>("knows_device")? == 1,
            was_used: row.try_get::<i64, _>("was_used")? == 1,
            was_reused: row.try_get::<i64, _>("was_reused")? == 1,
            is_crowded: row.try_get::<i64, _>("is_crowded")? == 1,
            last_use: uses.iter().flatten().filter_map(|text| last_use(text)).max_by_key(|(at, _)| *at),
        })
    }
}

/// A moment and an address, as the statement above puts them into one text.
fn last_use(text: &str) -> Option<(Timestamp, String)> {
    let (at, address) = text.split_once(' ')?;
    Some((Timestamp(at.parse().ok()?), address.to_owned()))
}

impl NewFamily<'_> {
    /// Binds what [`INSERT_SESSION`], [`INSERT_FIRST_TOKEN`] and [`INSERT_EVENT`] need, in this order.
    pub(super) fn bind<'q>(&self, statement: Statement<'q>) -> Statement<'q> {
        self.event.bind(self.bind_token(self.session.bind(statement)))
    }

    fn bind_token<'q>(&self, statement: Statement<'q>) -> Statement<'q> {
        statement.bind(self.token_digest).bind(self.session.id.as_str()).bind(self.session.created_at.0)
    }
}

impl Transaction {
    /// Holds the account to the end of the transaction, and says whether the device is new to it: none
    /// of its sessions used it, and it has had a session before. Those in which somebody else acted do not
    /// count. None when the hash is another one by now, the account has a factor by now that nobody asked
    /// for, or it is suspended.
    pub async fn hold_for_entry(&mut self, entry: Entry<'_>) -> Result<Option<bool>> {
        sqlx::query(HOLD)
            .bind(entry.user_id.as_str())
            .bind(entry.verified.unwrap_or_default())
            .bind(entry.password_hash.unwrap_or_default())
            .bind(entry.device)
            .bind(entry.device_since.0)
            .bind(EventKind::SessionStarted.filter().as_str())
            .bind(EventKind::SessionStarted.as_str())
            .bind(i64::from(entry.passes_factors))
            .bind(entry.now.0)
            .fetch_optional(&mut *self.0)
            .await?
            .map(|row| Ok(row.try_get::<i64, _>("is_new")? == 1))
            .transpose()
    }

    /// Stores a session with its first token and its line in the audit log.
    pub async fn insert_family(&mut self, family: &NewFamily<'_>) -> Result<()> {
        family.session.bind(sqlx::query(INSERT_SESSION)).execute(&mut *self.0).await?;
        family.bind_token(sqlx::query(INSERT_FIRST_TOKEN)).execute(&mut *self.0).await?;
        family.event.bind(sqlx::query(INSERT_EVENT)).execute(&mut *self.0).await?;
        Ok(())
    }
}

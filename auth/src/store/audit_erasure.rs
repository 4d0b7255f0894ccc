//! What the audit log tells of somebody who leaves, and taking it out.

use sqlx::any::AnyRow;
use sqlx::{Any, FromRow, Row};
use std::sync::LazyLock;

use super::audit_chain::chain_columns;
use super::values::values;
use super::{ChainRow, Result, Transaction};
use crate::id::UserId;

/// A line that tells something of a person, and what.
pub struct PersonalLine {
    /// The line.
    pub line: ChainRow,
    /// Whether it was done to the person, or with them.
    pub is_subject: bool,
    /// Whether the person did it, or it names a session of theirs.
    pub is_origin: bool,
}

/// What goes from a line, with what stands in the place of the salts: empty where there was none, none for a part that
/// stays.
pub struct ErasedLine {
    /// The line.
    pub id: String,
    /// Instead of the salt of its subject.
    pub subject: Option<String>,
    /// Instead of the salt of its origin.
    pub origin: Option<String>,
}

impl FromRow<'_, AnyRow> for PersonalLine {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            line: ChainRow::from_row(row)?,
            is_subject: row.try_get::<i64, _>("is_subject")? == 1,
            is_origin: row.try_get::<i64, _>("is_origin")? == 1,
        })
    }
}

/// Lines in one statement.
const BATCH: usize = 50;

static ERASE: LazyLock<String> = LazyLock::new(|| {
    let lines = values(BATCH, &["TEXT", "TEXT", "TEXT"]);
    "WITH erased (line, subject, origin) AS (VALUES ".to_owned()
        + &lines
        + ") UPDATE audit_events SET \
           user_id = CASE WHEN erased.subject IS NULL THEN audit_events.user_id END, \
           target = CASE WHEN erased.subject IS NULL THEN audit_events.target END, \
           changes = CASE WHEN erased.subject IS NULL THEN audit_events.changes END, \
           subject_salt = CASE WHEN erased.subject IS NULL THEN audit_events.subject_salt ELSE NULLIF(erased.subject, '') END, \
           actor_id = CASE WHEN erased.origin IS NULL THEN audit_events.actor_id END, \
           impersonator_id = CASE WHEN erased.origin IS NULL THEN audit_events.impersonator_id END, \
           session_id = CASE WHEN erased.origin IS NULL THEN audit_events.session_id END, \
           address = CASE WHEN erased.origin IS NULL THEN audit_events.address ELSE '' END, \
           device = CASE WHEN erased.origin IS NULL THEN audit_events.device ELSE '' END, \
           request_id = CASE WHEN erased.origin IS NULL THEN audit_events.request_id ELSE '' END, \
           repeated_by = CASE WHEN erased.origin IS NULL THEN audit_events.repeated_by END, \
           origin_salt = CASE WHEN erased.origin IS NULL THEN audit_events.origin_salt ELSE NULLIF(erased.origin, '') END \
           FROM erased WHERE audit_events.id = erased.line"
});

impl Transaction {
    /// Lines that tell something of a person: that name the account, its address or one of its sessions. Each way to
    /// them is a walk along an index. A session leads to no line that names others alone: else whoever gave somebody who
    /// leaves the sessions of another one would have the program take that one out of the log.
    pub async fn lines_about(&mut self, user: &UserId, most: i64) -> Result<Vec<PersonalLine>> {
        sqlx::query_as::<Any, PersonalLine>(concat!(
            "SELECT ",
            chain_columns!(),
            ", CAST(CASE WHEN user_id = $1 OR target = $1 \
             OR target IN (SELECT u.email FROM users u WHERE u.id = $1) THEN 1 ELSE 0 END AS BIGINT) AS is_subject, \
             CAST(CASE WHEN actor_id = $1 OR impersonator_id = $1 OR (user_id = $1 AND actor_id IS NULL) \
             OR (session_id IN (SELECT s.id FROM sessions s WHERE s.user_id = $1) \
             AND (user_id = $1 OR COALESCE(user_id, actor_id, impersonator_id) IS NULL)) \
             THEN 1 ELSE 0 END AS BIGINT) AS is_origin \
             FROM audit_events WHERE id IN (SELECT l.id FROM (\
             SELECT id FROM audit_events WHERE user_id = $1 \
             UNION SELECT id FROM audit_events WHERE actor_id = $1 \
             UNION SELECT id FROM audit_events WHERE impersonator_id = $1 \
             UNION SELECT id FROM audit_events WHERE target = $1 \
             UNION SELECT e.id FROM users u JOIN audit_events e ON e.target = u.email WHERE u.id = $1 \
             UNION SELECT e.id FROM sessions s JOIN audit_events e ON e.session_id = s.id WHERE s.user_id = $1 \
             AND (e.user_id = $1 OR COALESCE(e.user_id, e.actor_id, e.impersonator_id) IS NULL)\
             ) l LIMIT $2)"
        ))
        .bind(user.as_str())
        .bind(most)
        .fetch_all(&mut *self.0)
        .await
    }

    /// Takes what is personal out of lines.
    pub async fn erase_lines(&mut self, lines: &[ErasedLine]) -> Result<()> {
        for batch in lines.chunks(BATCH) {
            let mut statement = sqlx::query(ERASE.as_str());
            for place in 0..BATCH {
                let line = batch.get(place);
                statement = statement
                    .bind(line.map(|line| line.id.as_str()))
                    .bind(line.and_then(|line| line.subject.as_deref()))
                    .bind(line.and_then(|line| line.origin.as_deref()));
            }
            statement.execute(&mut *self.0).await?;
        }
        Ok(())
    }
}

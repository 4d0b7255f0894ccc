//! What happened, for people who must find out later.

use sqlx::any::AnyRow;
use sqlx::{Any, FromRow, Row};

use super::{Result, Statement, Store, Transaction};
use crate::audit::{LineProof, Outcome, Said};
use crate::id::{OrganizationId, SessionId, UserId};
use crate::paging::{Place, rows_to_ask};
use crate::{EventFilter, EventKind, Timestamp};

/// One line of the audit log, to be written.
pub struct AuditEvent<'a> {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// Whose account.
    pub user_id: Option<&'a UserId>,
    /// Which session.
    pub session_id: Option<&'a SessionId>,
    /// From where.
    pub address: &'a str,
    /// With what.
    pub device: &'a str,
    /// The request, to find it in the logs.
    pub request_id: &'a str,
    /// Who did it, where the line says so.
    pub actor_id: Option<&'a UserId>,
    /// Who acted in the actor's place.
    pub impersonator_id: Option<&'a UserId>,
    /// Where.
    pub organization_id: Option<&'a OrganizationId>,
    /// What it was done with.
    pub target: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// What changed, as JSON.
    pub changes: Option<String>,
    /// How often it happened: what is told of a flood stands for many.
    pub times: i64,
    /// What proves that the program wrote it.
    pub proof: LineProof,
}

impl AuditEvent<'_> {
    /// A line of this kind that says nothing else and proves nothing yet.
    pub fn new(id: String, at: Timestamp, kind: EventKind) -> Self {
        Self {
            id,
            at,
            kind,
            user_id: None,
            session_id: None,
            address: "",
            device: "",
            request_id: "",
            actor_id: None,
            impersonator_id: None,
            organization_id: None,
            target: None,
            outcome: Outcome::of(kind),
            changes: None,
            times: 1,
            proof: LineProof::default(),
        }
    }

    /// What it says, as it is proved.
    pub(crate) fn said(&self) -> Said<'_> {
        Said {
            id: &self.id,
            at: self.at,
            kind: self.kind.as_str(),
            outcome: self.outcome.as_str(),
            organization: self.organization_id.map(OrganizationId::as_str),
            user: self.user_id.map(UserId::as_str),
            target: self.target.as_deref(),
            changes: self.changes.as_deref(),
            actor: self.actor_id.map(UserId::as_str),
            impersonator: self.impersonator_id.map(UserId::as_str),
            session: self.session_id.map(SessionId::as_str),
            address: self.address,
            device: self.device,
            request: self.request_id,
        }
    }
}

/// A line as it is read.
pub struct AuditRow {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What; none when a newer version wrote it.
    pub kind: Option<EventKind>,
    /// Which session.
    pub session_id: Option<SessionId>,
    /// From where.
    pub address: String,
    /// With what.
    pub device: String,
}

impl FromRow<'_, AnyRow> for AuditRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            at: Timestamp(row.try_get("at")?),
            kind: EventKind::parse(row.try_get("kind")?),
            session_id: row.try_get::<Option<String>, _>("session_id")?.map(SessionId),
            address: row.try_get("address")?,
            device: row.try_get("device")?,
        })
    }
}

/// A line as the person it is about may read it: not from where somebody works who acted in their place.
macro_rules! line_of_user {
    () => {
        "SELECT id, at, kind, session_id, CASE WHEN impersonator_id IS NULL THEN address ELSE '' END AS address, \
         CASE WHEN impersonator_id IS NULL THEN device ELSE '' END AS device FROM audit_events "
    };
}

/// Lines of a person that follow a place.
macro_rules! events_of_user {
    () => {
        concat!(line_of_user!(), "WHERE user_id = $1 AND (at, id) < ($2, $3)")
    };
}

impl Store {
    /// What happened to an account before `place`, newest first. Each of the two statements walks
    /// along an index of its own, so a page costs the same in a log of ten lines and of ten thousand.
    pub async fn audit_events_of(&self, user: &UserId, filter: EventFilter, place: &Place) -> Result<Vec<AuditRow>> {
        let is_filtered = filter != EventFilter::All;
        let statement = if is_filtered {
            concat!(events_of_user!(), " AND topic = $5 ORDER BY at DESC, id DESC LIMIT $4")
        } else {
            concat!(events_of_user!(), " ORDER BY at DESC, id DESC LIMIT $4")
        };
        let mut query = sqlx::query_as::<Any, AuditRow>(statement)
            .bind(user.as_str())
            .bind(place.at.0)
            .bind(place.id.as_str())
            .bind(rows_to_ask());
        if is_filtered {
            query = query.bind(filter.as_str());
        }
        query.fetch_all(&mut *self.read.get().await?).await
    }
}

impl Store {
    /// When an event of this account happened; none when it is not this account's.
    pub async fn moment_of_event(&self, user: &UserId, event: &str) -> Result<Option<Timestamp>> {
        sqlx::query("SELECT at FROM audit_events WHERE id = $2 AND user_id = $1")
            .bind(user.as_str())
            .bind(event)
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("at").map(Timestamp))
            .transpose()
    }

    /// What happened to an account from `since` to `until`, newest first.
    pub async fn audit_events_between(
        &self,
        user: &UserId,
        since: Timestamp,
        until: Timestamp,
        most: i64,
    ) -> Result<Vec<AuditRow>> {
        sqlx::query_as(concat!(
            line_of_user!(),
            "WHERE user_id = $1 AND at >= $2 AND at <= $3 ORDER BY at DESC, id DESC LIMIT $4"
        ))
        .bind(user.as_str())
        .bind(since.0)
        .bind(until.0)
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }
}

/// Adds a line; to one of the same id it adds only the newer request, and counts it: neither is a part of what the line
/// proves.
pub(super) const INSERT_EVENT: &str = "INSERT INTO audit_events (id, at, kind, topic, user_id, session_id, address, device, request_id, \
     actor_id, impersonator_id, organization_id, target, outcome, changes, subject_salt, origin_salt, mac, repeats) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
     ON CONFLICT (id) DO UPDATE SET repeated_by = excluded.request_id, \
     repeats = audit_events.repeats + excluded.repeats + 1";

impl AuditEvent<'_> {
    /// Binds what [`INSERT_EVENT`] needs.
    pub(super) fn bind<'q>(&self, statement: Statement<'q>) -> Statement<'q> {
        statement
            .bind(self.id.as_str())
            .bind(self.at.0)
            .bind(self.kind.as_str())
            .bind(self.kind.filter().as_str())
            .bind(self.user_id.map(UserId::as_str))
            .bind(self.session_id.map(SessionId::as_str))
            .bind(self.address)
            .bind(self.device)
            .bind(self.request_id)
            .bind(self.actor_id.map(UserId::as_str))
            .bind(self.impersonator_id.map(UserId::as_str))
            .bind(self.organization_id.map(OrganizationId::as_str))
            .bind(self.target.as_deref())
            .bind(self.outcome.as_str())
            .bind(self.changes.as_deref())
            .bind(self.proof.subject_salt.as_deref())
            .bind(self.proof.origin_salt.as_deref())
            .bind(self.proof.mac.as_deref())
            .bind(self.times - 1)
    }
}

impl Transaction {
    /// Adds a line; to one of the same id it adds only the newer request.
    pub async fn insert_audit_event(&mut self, event: AuditEvent<'_>) -> Result<()> {
        event.bind(sqlx::query(INSERT_EVENT)).execute(&mut *self.0).await?;
        Ok(())
    }
}

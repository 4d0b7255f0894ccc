//! Looking through the audit log. Each look walks along one index, a bounded number of lines: so a page costs the same
//! in a log of ten lines and of five million, whatever it is filtered by.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::users::parsed;
use super::{Result, Store};
use crate::audit::Outcome;
use crate::id::{OrganizationId, SessionId, UserId};
use crate::organization::Slug;
use crate::paging::Place;
use crate::view::{AuditItem, AuditOrganization, AuditPerson};
use crate::{Email, Timestamp};

/// The index that is walked along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditLead {
    /// All lines.
    Time,
    /// Those of a request.
    Request(String),
    /// Those about an account.
    Subject(String),
    /// Those of what an account did, where that was written down.
    Actor(String),
    /// Those of what an account did in somebody's place.
    Impersonator(String),
    /// Those of what was done with something.
    Target(String),
    /// Those of an organization.
    Organization(String),
    /// Those of a client's address.
    Address(String),
    /// Those of a kind.
    Kind(&'static str),
    /// Those of what was refused.
    Refused,
}

/// What else a line must be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditRest {
    /// Of a kind that fits this pattern of `LIKE`, with the escape `!`.
    pub kind: Option<String>,
    /// Named by this account: about it, by it, or with it.
    pub person: Option<String>,
    /// Of this organization.
    pub organization: Option<String>,
    /// With this outcome.
    pub outcome: Option<&'static str>,
    /// From this address.
    pub address: Option<String>,
}

impl AuditRest {
    /// Whether every line will do.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How far one look reaches.
#[derive(Clone, Copy)]
pub struct AuditSpan<'a> {
    /// It begins before this place.
    pub before: &'a Place,
    /// It ends with lines of this moment.
    pub since: Timestamp,
    /// Lines that are looked at.
    pub looked_at: i64,
    /// Lines that are wanted.
    pub most: i64,
}

macro_rules! line_columns {
    () => {
        "id, sequence, at, kind, outcome, user_id, actor_id, impersonator_id, organization_id, target, changes, address, \
         device, request_id, session_id, repeats"
    };
}

macro_rules! lines_along {
    ($lead:literal) => {
        concat!(
            "SELECT l.id, l.sequence, l.at, l.kind, l.outcome, l.user_id, l.actor_id, l.impersonator_id, \
             l.organization_id, l.target, l.changes, l.address, l.device, l.request_id, l.session_id, l.repeats, \
             s.email AS subject_email, a.email AS actor_email, i.email AS impersonator_email, \
             o.name AS organization_name FROM (SELECT ",
            line_columns!(),
            " FROM (SELECT ",
            line_columns!(),
            " FROM audit_events WHERE ",
            $lead,
            " AND (at, id) < ($2, $3) AND at >= $4 ORDER BY at DESC, id DESC LIMIT $5) AS near \
             WHERE (CAST($6 AS TEXT) IS NULL OR kind LIKE $6 ESCAPE '!') \
             AND (CAST($7 AS TEXT) IS NULL OR user_id = $7 OR actor_id = $7 OR impersonator_id = $7 OR target = $7) \
             AND (CAST($8 AS TEXT) IS NULL OR organization_id = $8) \
             AND (CAST($9 AS TEXT) IS NULL OR outcome = $9) \
             AND (CAST($10 AS TEXT) IS NULL OR address = $10) \
             ORDER BY at DESC, id DESC LIMIT $11) AS l \
             LEFT JOIN users s ON s.id = l.user_id LEFT JOIN users a ON a.id = l.actor_id \
             LEFT JOIN users i ON i.id = l.impersonator_id LEFT JOIN organizations o ON o.id = l.organization_id \
             ORDER BY l.at DESC, l.id DESC"
        )
    };
}

macro_rules! end_along {
    ($lead:literal) => {
        concat!(
            "SELECT id, at FROM audit_events WHERE ",
            $lead,
            " AND (at, id) < ($2, $3) AND at >= $4 ORDER BY at DESC, id DESC LIMIT 1 OFFSET $5"
        )
    };
}

/// The two statements of a lead: its lines, and where a look along it ends. What has no value is compared with nothing.
macro_rules! along {
    ($lead:literal) => {
        (lines_along!($lead), end_along!($lead))
    };
}

impl AuditLead {
    fn statements(&self) -> (&'static str, &'static str) {
        match self {
            Self::Time => along!("CAST($1 AS TEXT) = ''"),
            Self::Request(_) => along!("request_id = $1 AND request_id <> ''"),
            Self::Subject(_) => along!("user_id = $1"),
            Self::Actor(_) => along!("actor_id = $1"),
            Self::Impersonator(_) => along!("impersonator_id = $1"),
            Self::Target(_) => along!("target = $1"),
            Self::Organization(_) => along!("organization_id = $1"),
            Self::Address(_) => along!("address = $1 AND address <> ''"),
            Self::Kind(_) => along!("kind = $1"),
            Self::Refused => along!("outcome = 'refused' AND CAST($1 AS TEXT) = ''"),
        }
    }

    fn value(&self) -> &str {
        match self {
            Self::Time | Self::Refused => "",
            Self::Kind(kind) => kind,
            Self::Request(value)
            | Self::Subject(value)
            | Self::Actor(value)
            | Self::Impersonator(value)
            | Self::Target(value)
            | Self::Organization(value)
            | Self::Address(value) => value,
        }
    }
}

impl Store {
    /// Lines along a lead, newest first.
    pub async fn audit_lines(&self, lead: &AuditLead, rest: &AuditRest, span: AuditSpan<'_>) -> Result<Vec<AuditItem>> {
        sqlx::query(lead.statements().0)
            .bind(lead.value())
            .bind(span.before.at.0)
            .bind(span.before.id.as_str())
            .bind(span.since.0)
            .bind(span.looked_at)
            .bind(rest.kind.as_deref())
            .bind(rest.person.as_deref())
            .bind(rest.organization.as_deref())
            .bind(rest.outcome)
            .bind(rest.address.as_deref())
            .bind(span.most)
            .fetch_all(&mut *self.read.get().await?)
            .await?
            .iter()
            .map(item)
            .collect()
    }

    /// The last line of a look along a lead; none when the lead ends before.
    pub async fn audit_look_ends(&self, lead: &AuditLead, span: AuditSpan<'_>) -> Result<Option<Place>> {
        sqlx::query(lead.statements().1)
            .bind(lead.value())
            .bind(span.before.at.0)
            .bind(span.before.id.as_str())
            .bind(span.since.0)
            .bind(span.looked_at - 1)
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| Ok(Place { at: Timestamp(row.try_get("at")?), id: row.try_get("id")? }))
            .transpose()
    }

    /// The id of the organization with this slug, open or closed.
    pub async fn audited_organization(&self, slug: &Slug) -> Result<Option<OrganizationId>> {
        sqlx::query("SELECT id FROM organizations WHERE slug = $1")
            .bind(slug.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("id").map(OrganizationId))
            .transpose()
    }
}

fn item(row: &AnyRow) -> Result<AuditItem> {
    let person = |id: &str, email: &str| -> Result<Option<AuditPerson>> {
        let Some(id) = row.try_get::<Option<String>, _>(id)? else { return Ok(None) };
        let is_here = row.try_get::<Option<String>, _>(email)?.is_some();
        let email = if is_here { Some(parsed::<Email>(row, email)?) } else { None };
        Ok(Some(AuditPerson { id: UserId(id), email }))
    };
    let organization = match row.try_get::<Option<String>, _>("organization_id")? {
        Some(id) => Some(AuditOrganization { id: OrganizationId(id), name: row.try_get("organization_name")? }),
        None => None,
    };
    let changes = row.try_get::<Option<String>, _>("changes")?;
    Ok(AuditItem {
        id: row.try_get("id")?,
        sequence: row.try_get("sequence")?,
        at: Timestamp(row.try_get("at")?),
        kind: row.try_get("kind")?,
        outcome: Outcome::parse(row.try_get("outcome")?).unwrap_or_default(),
        subject: person("user_id", "subject_email")?,
        actor: person("actor_id", "actor_email")?,
        impersonator: person("impersonator_id", "impersonator_email")?,
        organization,
        target: row.try_get("target")?,
        // What somebody wrote over is no reason to show nothing.
        changes: changes.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
        address: row.try_get("address")?,
        device: row.try_get("device")?,
        request_id: row.try_get("request_id")?,
        session_id: row.try_get::<Option<String>, _>("session_id")?.map(SessionId),
        repeats: row.try_get("repeats")?,
    })
}

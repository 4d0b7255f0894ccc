//! Short reads for the first page behind the sign-in: a few rows or a number, each along an index.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::users::parsed;
use super::{Result, Store};
use crate::id::{OrganizationId, UserId};
use crate::view::{
    AuditStateView, DocumentOwner, HappenedView, MemberCounts, OwnershipView, PlatformNumbers, SignedUpView,
};
use crate::{EventKind, PersonName, Role, Timestamp};

/// A line of the audit log, in short; none when a newer version wrote it.
struct HappenedRow(Option<HappenedView>);

impl FromRow<'_, AnyRow> for HappenedRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let at = Timestamp(row.try_get("at")?);
        let actor = row.try_get::<Option<String>, _>("actor")?.map(PersonName::from);
        let kind = EventKind::parse(row.try_get("kind")?);
        Ok(Self(kind.map(|kind| HappenedView { at, kind, actor })))
    }
}

impl FromRow<'_, AnyRow> for SignedUpView {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: UserId(row.try_get("id")?),
            email: parsed(row, "email")?,
            created_at: Timestamp(row.try_get("created_at")?),
        })
    }
}

fn moment(row: &AnyRow, column: &str) -> Result<Option<Timestamp>> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Timestamp))
}

impl Store {
    /// The open organization that somebody has been in the longest.
    pub async fn first_organization_of(&self, user: &UserId) -> Result<Option<OrganizationId>> {
        sqlx::query(
            "SELECT o.id FROM memberships m JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = $1 \
             AND o.closed_at IS NULL ORDER BY m.joined_at, m.organization_id LIMIT 1",
        )
        .bind(user.as_str())
        .fetch_optional(&mut *self.read.get().await?)
        .await?
        .map(|row| row.try_get("id").map(OrganizationId))
        .transpose()
    }

    /// Members of an organization, by their names.
    pub async fn document_heirs(&self, organization: &OrganizationId, most: i64) -> Result<Vec<DocumentOwner>> {
        sqlx::query(
            "SELECT u.id, u.name FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.organization_id = $1 \
             ORDER BY u.name, u.id LIMIT $2",
        )
        .bind(organization.as_str())
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(|row| {
            let name = PersonName::from(row.try_get::<String, _>("name")?);
            Ok(DocumentOwner { id: UserId(row.try_get("id")?), name })
        })
        .collect()
    }

    /// How many invitations into an organization wait for an answer.
    pub async fn open_invitations(&self, organization: &OrganizationId, now: Timestamp) -> Result<i64> {
        sqlx::query(
            "SELECT CAST(COUNT(*) AS BIGINT) AS open FROM invitations WHERE organization_id = $1 AND used_at IS NULL \
             AND revoked_at IS NULL AND declined_at IS NULL AND expires_at > $2",
        )
        .bind(organization.as_str())
        .bind(now.0)
        .fetch_one(&mut *self.read.get().await?)
        .await?
        .try_get("open")
    }

    /// How many members an organization has.
    pub async fn member_counts(&self, organization: &OrganizationId) -> Result<MemberCounts> {
        let row = sqlx::query(
            "SELECT CAST(COUNT(*) AS BIGINT) AS everybody, \
             CAST(COUNT(CASE WHEN u.strong_since IS NULL THEN 1 END) AS BIGINT) AS without_factor \
             FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.organization_id = $1",
        )
        .bind(organization.as_str())
        .fetch_one(&mut *self.read.get().await?)
        .await?;
        Ok(MemberCounts { all: row.try_get("everybody")?, without_factor: row.try_get("without_factor")? })
    }

    /// What happened last in an organization.
    pub async fn happened_in(&self, organization: &OrganizationId, most: i64) -> Result<Vec<HappenedView>> {
        let rows: Vec<HappenedRow> = sqlx::query_as(
            "SELECT a.at, a.kind, u.name AS actor FROM audit_events a LEFT JOIN users u ON u.id = a.actor_id \
             WHERE a.organization_id = $1 ORDER BY a.at DESC, a.id DESC LIMIT $2",
        )
        .bind(organization.as_str())
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await?;
        Ok(rows.into_iter().filter_map(|HappenedRow(line)| line).collect())
    }

    /// What an organization is, for who owns it; none when it is gone.
    pub async fn ownership(&self, organization: &OrganizationId) -> Result<Option<OwnershipView>> {
        sqlx::query(
            "SELECT o.created_at, o.factor_required_from, o.delete_at, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM memberships m WHERE m.organization_id = o.id AND m.role = 'owner') \
             AS owners, (SELECT CAST(COUNT(*) AS BIGINT) FROM documents d WHERE d.organization_id = o.id) AS documents \
             FROM organizations o WHERE o.id = $1",
        )
        .bind(organization.as_str())
        .fetch_optional(&mut *self.read.get().await?)
        .await?
        .map(|row| {
            Ok(OwnershipView {
                owners: row.try_get("owners")?,
                documents: row.try_get("documents")?,
                created_at: Timestamp(row.try_get("created_at")?),
                factor_required_from: moment(&row, "factor_required_from")?,
                delete_at: moment(&row, "delete_at")?,
            })
        })
        .transpose()
    }

    /// The accounts that were made last.
    pub async fn latest_accounts(&self, most: i64) -> Result<Vec<SignedUpView>> {
        sqlx::query_as("SELECT id, email, created_at FROM users ORDER BY created_at DESC, id DESC LIMIT $1")
            .bind(most)
            .fetch_all(&mut *self.read.get().await?)
            .await
    }

    /// How many mails could not be delivered.
    pub async fn failed_mails(&self) -> Result<i64> {
        sqlx::query(
            "SELECT CAST(COUNT(*) AS BIGINT) AS failed FROM jobs WHERE kind = 'mail' AND done_at IS NULL \
             AND dead_at IS NOT NULL",
        )
        .fetch_one(&mut *self.read.get().await?)
        .await?
        .try_get("failed")
    }

    /// How the audit log stands, and what was refused last.
    pub async fn audit_state(&self, most: i64) -> Result<AuditStateView> {
        let anchor = sqlx::query("SELECT sequence, sealed_at FROM audit_anchor WHERE id = 1")
            .fetch_one(&mut *self.read.get().await?)
            .await?;
        let rows: Vec<HappenedRow> = sqlx::query_as(
            "SELECT a.at, a.kind, u.name AS actor FROM audit_events a LEFT JOIN users u ON u.id = a.actor_id \
             WHERE a.outcome = 'refused' ORDER BY a.at DESC, a.id DESC LIMIT $1",
        )
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await?;
        let sealed_at = Timestamp(anchor.try_get("sealed_at")?);
        Ok(AuditStateView {
            lines: anchor.try_get("sequence")?,
            sealed_at: (sealed_at.0 > 0).then_some(sealed_at),
            refused: rows.into_iter().filter_map(|HappenedRow(line)| line).collect(),
        })
    }

    /// How many there are of everything, each counted up to `most`.
    pub async fn platform_numbers(&self, most: i64) -> Result<PlatformNumbers> {
        let row = sqlx::query(
            "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT u.id FROM users u LIMIT $1) a) AS accounts, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT o.id FROM organizations o LIMIT $1) b) AS organizations, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT u.id FROM users u WHERE u.role <> $2 LIMIT $1) c) AS offices",
        )
        .bind(most)
        .bind(Role::User.as_str())
        .fetch_one(&mut *self.read.get().await?)
        .await?;
        Ok(PlatformNumbers {
            accounts: row.try_get("accounts")?,
            organizations: row.try_get("organizations")?,
            offices: row.try_get("offices")?,
        })
    }
}

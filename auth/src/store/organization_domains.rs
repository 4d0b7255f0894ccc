//! Mail domains that organizations claim, and who joins by one.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::{DomainId, OrganizationId, UserId};
use crate::organization::{MailDomain, OrganizationName, OrganizationRole, Slug};
use crate::view::JoinedByDomain;

/// A claimed domain.
pub struct DomainRow {
    /// Its id.
    pub id: DomainId,
    /// Whose it is said to be.
    pub organization_id: OrganizationId,
    /// The domain.
    pub domain: MailDomain,
    /// What its record must say.
    pub token: String,
    /// When it was claimed.
    pub created_at: Timestamp,
    /// When its record was found.
    pub verified_at: Option<Timestamp>,
    /// When it was last looked for; the beginning of time: never.
    pub checked_at: Timestamp,
    /// Since when a record that was there is missing.
    pub missing_since: Option<Timestamp>,
    /// When the domain was lost by that.
    pub lost_at: Option<Timestamp>,
    /// The role of people who join by themselves; none: they do not.
    pub join_role: Option<OrganizationRole>,
}

/// The columns of a domain.
macro_rules! columns {
    () => {
        "id, organization_id, domain, token, created_at, verified_at, checked_at, missing_since, lost_at, join_role"
    };
}

impl FromRow<'_, AnyRow> for DomainRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let moment = |column: &str| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(Timestamp));
        Ok(Self {
            id: DomainId(row.try_get("id")?),
            organization_id: OrganizationId(row.try_get("organization_id")?),
            domain: MailDomain::from(row.try_get::<String, _>("domain")?),
            token: row.try_get("token")?,
            created_at: Timestamp(row.try_get("created_at")?),
            verified_at: moment("verified_at")?,
            checked_at: Timestamp(row.try_get("checked_at")?),
            missing_since: moment("missing_since")?,
            lost_at: moment("lost_at")?,
            join_role: row.try_get::<Option<String>, _>("join_role")?.map(|role| OrganizationRole::parse(&role)),
        })
    }
}

/// Whom a domain lets in.
pub struct DomainJoin {
    /// Into which organization.
    pub organization_id: OrganizationId,
    /// With which role.
    pub role: OrganizationRole,
}

impl Store {
    /// The domains of an organization, in their order.
    pub async fn domains_of(&self, organization: &OrganizationId) -> Result<Vec<DomainRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM organization_domains WHERE organization_id = $1 ORDER BY domain"
        ))
        .bind(organization.as_str())
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// A domain of an organization.
    pub async fn domain(&self, organization: &OrganizationId, id: &DomainId) -> Result<Option<DomainRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM organization_domains WHERE organization_id = $1 AND id = $2"
        ))
        .bind(organization.as_str())
        .bind(id.as_str())
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }

    /// Whether another organization proved that a domain is its own.
    pub async fn is_domain_taken(&self, organization: &OrganizationId, domain: &MailDomain) -> Result<bool> {
        let row = sqlx::query(
            "SELECT id FROM organization_domains WHERE domain = $2 AND organization_id <> $1 \
             AND verified_at IS NOT NULL LIMIT 1",
        )
        .bind(organization.as_str())
        .bind(domain.as_str())
        .fetch_optional(&mut *self.read.get().await?)
        .await?;
        Ok(row.is_some())
    }

    /// Verified domains that were not looked at since then, those that waited longest first.
    pub async fn domains_to_check(&self, since: Timestamp, most: i64) -> Result<Vec<DomainRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            columns!(),
            " FROM organization_domains WHERE verified_at IS NOT NULL AND checked_at <= $1 ORDER BY checked_at LIMIT $2"
        ))
        .bind(since.0)
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// Organizations that somebody joined by the domain of their address, and did not look at since.
    pub async fn domain_joins_of(&self, user: &UserId) -> Result<Vec<JoinedByDomain>> {
        sqlx::query(
            "SELECT j.organization_id, o.name, o.slug, j.domain, j.joined_at FROM domain_joins j \
             JOIN organizations o ON o.id = j.organization_id \
             JOIN memberships m ON m.organization_id = j.organization_id AND m.user_id = j.user_id \
             WHERE j.user_id = $1 ORDER BY j.joined_at",
        )
        .bind(user.as_str())
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(|row| {
            Ok(JoinedByDomain {
                id: OrganizationId(row.try_get("organization_id")?),
                name: OrganizationName::from(row.try_get::<String, _>("name")?),
                slug: Slug::from(row.try_get::<String, _>("slug")?),
                domain: MailDomain::from(row.try_get::<String, _>("domain")?),
                joined_at: Timestamp(row.try_get("joined_at")?),
            })
        })
        .collect()
    }
}

impl Transaction {
    /// How many domains an organization has. For whoever holds it.
    pub async fn count_domains(&mut self, organization: &OrganizationId) -> Result<i64> {
        sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) AS domains FROM organization_domains WHERE organization_id = $1")
            .bind(organization.as_str())
            .fetch_one(&mut *self.0)
            .await?
            .try_get("domains")
    }

    /// Claims a domain; `false` when the organization has it already.
    pub async fn insert_domain(&mut self, domain: &DomainRow) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO organization_domains (id, organization_id, domain, token, created_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organization_id, domain) DO NOTHING",
        )
        .bind(domain.id.as_str())
        .bind(domain.organization_id.as_str())
        .bind(domain.domain.as_str())
        .bind(domain.token.as_str())
        .bind(domain.created_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Notes that a record is being looked for; `false` when that was done after `not_after`.
    pub async fn begin_domain_check(&mut self, id: &DomainId, not_after: Timestamp, now: Timestamp) -> Result<bool> {
        let done = sqlx::query("UPDATE organization_domains SET checked_at = $3 WHERE id = $1 AND checked_at <= $2")
            .bind(id.as_str())
            .bind(not_after.0)
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The record of a domain is there: it is the organization's. `false` when it is gone, or another organization was
    /// faster.
    pub async fn verify_domain(&mut self, id: &DomainId, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE organization_domains SET verified_at = COALESCE(verified_at, $2), seen_at = $2, \
             missing_since = NULL, lost_at = NULL WHERE id = $1 AND NOT EXISTS (SELECT d.id FROM organization_domains d \
             WHERE d.domain = organization_domains.domain AND d.id <> $1 AND d.verified_at IS NOT NULL)",
        )
        .bind(id.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The record of a verified domain is not there.
    pub async fn miss_domain(&mut self, id: &DomainId, now: Timestamp) -> Result<()> {
        sqlx::query(
            "UPDATE organization_domains SET missing_since = $2 WHERE id = $1 AND verified_at IS NOT NULL \
             AND missing_since IS NULL",
        )
        .bind(id.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// A domain whose record is missing since before then is lost; `false` when it came back, or was lost before.
    pub async fn lose_domain(&mut self, id: &DomainId, before: Timestamp, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE organization_domains SET verified_at = NULL, missing_since = NULL, lost_at = $3 WHERE id = $1 \
             AND verified_at IS NOT NULL AND missing_since <= $2",
        )
        .bind(id.as_str())
        .bind(before.0)
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Sets who joins by a domain, and says which domain that is; none when the organization has no such domain.
    pub async fn set_join_role(
        &mut self,
        organization: &OrganizationId,
        id: &DomainId,
        role: Option<&OrganizationRole>,
    ) -> Result<Option<MailDomain>> {
        sqlx::query(
            "UPDATE organization_domains SET join_role = $3 WHERE organization_id = $1 AND id = $2 RETURNING domain",
        )
        .bind(organization.as_str())
        .bind(id.as_str())
        .bind(role.map(OrganizationRole::as_str))
        .fetch_optional(&mut *self.0)
        .await?
        .map(|row| row.try_get::<String, _>("domain").map(MailDomain::from))
        .transpose()
    }

    /// Gives a domain back, and says which; none when the organization has no such domain.
    pub async fn delete_domain(&mut self, organization: &OrganizationId, id: &DomainId) -> Result<Option<MailDomain>> {
        sqlx::query("DELETE FROM organization_domains WHERE organization_id = $1 AND id = $2 RETURNING domain")
            .bind(organization.as_str())
            .bind(id.as_str())
            .fetch_optional(&mut *self.0)
            .await?
            .map(|row| row.try_get::<String, _>("domain").map(MailDomain::from))
            .transpose()
    }

    /// Into which organization people of a domain join by themselves, while its record is there and was seen since then.
    pub async fn domain_join(&mut self, domain: &MailDomain, seen_since: Timestamp) -> Result<Option<DomainJoin>> {
        let row = sqlx::query(
            "SELECT d.organization_id, d.join_role FROM organization_domains d \
             JOIN organizations o ON o.id = d.organization_id WHERE d.domain = $1 AND d.verified_at IS NOT NULL \
             AND d.missing_since IS NULL AND d.seen_at > $2 AND d.join_role IS NOT NULL AND o.closed_at IS NULL \
             AND o.delete_at IS NULL",
        )
        .bind(domain.as_str())
        .bind(seen_since.0)
        .fetch_optional(&mut *self.0)
        .await?;
        row.map(|row| {
            let organization_id = OrganizationId(row.try_get("organization_id")?);
            Ok(DomainJoin { organization_id, role: OrganizationRole::parse(row.try_get("join_role")?) })
        })
        .transpose()
    }

    /// Notes that somebody joined by a domain, until they saw it.
    pub async fn note_domain_join(
        &mut self,
        user: &UserId,
        organization: &OrganizationId,
        domain: &MailDomain,
        now: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO domain_joins (user_id, organization_id, domain, joined_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (user_id, organization_id) DO UPDATE SET domain = excluded.domain, \
             joined_at = excluded.joined_at",
        )
        .bind(user.as_str())
        .bind(organization.as_str())
        .bind(domain.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Somebody saw that they joined.
    pub async fn forget_domain_joins(&mut self, user: &UserId) -> Result<()> {
        sqlx::query("DELETE FROM domain_joins WHERE user_id = $1").bind(user.as_str()).execute(&mut *self.0).await?;
        Ok(())
    }
}

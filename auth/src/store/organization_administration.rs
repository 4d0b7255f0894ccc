//! What administrators of the platform read of all organizations, and closing one.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::users::parsed;
use super::{Result, Store, Transaction};
use crate::id::{OrganizationId, UserId};
use crate::organization::{OrganizationName, Slug};
use crate::paging::{Place, rows_to_ask};
use crate::{Email, PersonName, Timestamp};

/// An organization in the list of all.
pub struct OrganizationItemRow {
    /// The organization.
    pub id: OrganizationId,
    /// What it is called in addresses.
    pub slug: Slug,
    /// What it is called.
    pub name: OrganizationName,
    /// When it was made.
    pub created_at: Timestamp,
    /// Its members, as far as they were counted.
    pub members: i64,
    /// When it goes, once that was asked for.
    pub delete_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Why.
    pub closed_reason: Option<String>,
}

impl FromRow<'_, AnyRow> for OrganizationItemRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: OrganizationId(row.try_get("id")?),
            slug: Slug::from(row.try_get::<String, _>("slug")?),
            name: OrganizationName::from(row.try_get::<String, _>("name")?),
            created_at: Timestamp(row.try_get("created_at")?),
            members: row.try_get("members")?,
            delete_at: row.try_get::<Option<i64>, _>("delete_at")?.map(Timestamp),
            closed_at: row.try_get::<Option<i64>, _>("closed_at")?.map(Timestamp),
            closed_reason: row.try_get("closed_reason")?,
        })
    }
}

/// A member, as administrators see one.
pub struct OrganizationMemberRow {
    /// The account.
    pub user_id: UserId,
    /// The proved address.
    pub email: Email,
    /// What the person wants to be called.
    pub name: PersonName,
    /// The name of a built-in role, else what the organization calls it.
    pub role_name: String,
    /// When they joined.
    pub joined_at: Timestamp,
}

impl FromRow<'_, AnyRow> for OrganizationMemberRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            user_id: UserId(row.try_get("user_id")?),
            email: parsed(row, "email")?,
            name: PersonName::from(row.try_get::<String, _>("name")?),
            role_name: row.try_get("role_name")?,
            joined_at: Timestamp(row.try_get("joined_at")?),
        })
    }
}

/// An organization with the number of its members: `$1` most to count.
macro_rules! organization_item {
    () => {
        "SELECT o.id, o.slug, o.name, o.created_at, o.delete_at, o.closed_at, o.closed_reason, \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT m.user_id FROM memberships m \
         WHERE m.organization_id = o.id LIMIT $1) counted) AS members FROM organizations o"
    };
}

/// A role in words: its own name, or what the organization calls it.
macro_rules! role_name {
    () => {
        "COALESCE((SELECT r.name FROM organization_roles r WHERE r.id = m.role), m.role)"
    };
}

impl Store {
    /// Organizations whose name or slug fits a pattern of `LIKE` with the escape `!`, in small letters, that follow
    /// `place`; the newest first. Walks along the organizations in that order: a pattern that fits few reads many.
    pub async fn organizations_like(
        &self,
        pattern: &str,
        most_counted: i64,
        place: &Place,
    ) -> Result<Vec<OrganizationItemRow>> {
        sqlx::query_as(concat!(
            organization_item!(),
            " WHERE (o.slug LIKE $2 ESCAPE '!' OR LOWER(o.name) LIKE $2 ESCAPE '!') \
             AND (o.created_at, o.id) < ($3, $4) ORDER BY o.created_at DESC, o.id DESC LIMIT $5"
        ))
        .bind(most_counted)
        .bind(pattern)
        .bind(place.at.0)
        .bind(place.id.as_str())
        .bind(rows_to_ask())
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// The organization with this id.
    pub async fn organization_item(
        &self,
        id: &OrganizationId,
        most_counted: i64,
    ) -> Result<Option<OrganizationItemRow>> {
        sqlx::query_as(concat!(organization_item!(), " WHERE o.id = $2"))
            .bind(most_counted)
            .bind(id.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }

    /// The roles of an organization and how many have each; those that most have first.
    pub async fn roles_of_organization(&self, id: &OrganizationId) -> Result<Vec<(String, i64)>> {
        sqlx::query(concat!(
            "SELECT ",
            role_name!(),
            " AS role_name, m.members FROM (SELECT role, CAST(COUNT(*) AS BIGINT) AS members FROM memberships \
             WHERE organization_id = $1 GROUP BY role) m ORDER BY m.members DESC, m.role"
        ))
        .bind(id.as_str())
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("role_name")?, row.try_get("members")?)))
        .collect()
    }

    /// Members of an organization that follow `place`; who joined last first.
    pub async fn members_of_organization(
        &self,
        id: &OrganizationId,
        place: &Place,
    ) -> Result<Vec<OrganizationMemberRow>> {
        sqlx::query_as(concat!(
            "SELECT m.user_id, u.email, u.name, m.joined_at, ",
            role_name!(),
            " AS role_name FROM memberships m JOIN users u ON u.id = m.user_id \
             WHERE m.organization_id = $1 AND (m.joined_at, m.user_id) < ($2, $3) \
             ORDER BY m.joined_at DESC, m.user_id DESC LIMIT $4"
        ))
        .bind(id.as_str())
        .bind(place.at.0)
        .bind(place.id.as_str())
        .bind(rows_to_ask())
        .fetch_all(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// Closes an organization; `false` when it is closed, or there is none.
    pub async fn close_organization(&mut self, id: &OrganizationId, reason: &str, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE organizations SET closed_at = $2, closed_reason = $3, version = version + 1 \
             WHERE id = $1 AND closed_at IS NULL",
        )
        .bind(id.as_str())
        .bind(now.0)
        .bind(reason)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Opens a closed organization again; `false` when it is open, or there is none. One whose day came while nobody could
    /// keep it is kept.
    pub async fn reopen_organization(&mut self, id: &OrganizationId, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE organizations SET closed_at = NULL, closed_reason = NULL, version = version + 1, \
             delete_at = CASE WHEN delete_at <= $2 THEN NULL ELSE delete_at END \
             WHERE id = $1 AND closed_at IS NOT NULL",
        )
        .bind(id.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whose access tokens may name an organization: somebody works in it in a session that goes on.
    pub async fn people_at_work_in(&mut self, id: &OrganizationId) -> Result<Vec<UserId>> {
        sqlx::query(
            "SELECT DISTINCT user_id FROM sessions WHERE organization_id = $1 AND ended_at IS NULL ORDER BY user_id",
        )
        .bind(id.as_str())
        .fetch_all(&mut *self.0)
        .await?
        .iter()
        .map(|row| row.try_get("user_id").map(UserId))
        .collect()
    }
}

//! The organizations of an account, for administrators.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store};
use crate::Timestamp;
use crate::id::{OrganizationId, UserId};

/// An organization that somebody is in.
pub struct UserOrganizationRow {
    /// The organization.
    pub id: OrganizationId,
    /// Its name in addresses.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// The name of the person's role there: built-in, else what the organization calls it.
    pub role: String,
    /// Since when.
    pub joined_at: Timestamp,
}

impl FromRow<'_, AnyRow> for UserOrganizationRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: OrganizationId(row.try_get("id")?),
            slug: row.try_get("slug")?,
            name: row.try_get("name")?,
            role: row.try_get("role")?,
            joined_at: Timestamp(row.try_get("joined_at")?),
        })
    }
}

impl Store {
    /// The organizations that somebody is in, the first joined first.
    pub async fn organizations_of_user(&self, user: &UserId, most: i64) -> Result<Vec<UserOrganizationRow>> {
        sqlx::query_as(
            "SELECT o.id, o.slug, o.name, COALESCE(r.name, m.role) AS role, m.joined_at FROM memberships m \
             JOIN organizations o ON o.id = m.organization_id \
             LEFT JOIN organization_roles r ON r.id = m.role AND r.organization_id = m.organization_id \
             WHERE m.user_id = $1 ORDER BY m.joined_at, m.organization_id LIMIT $2",
        )
        .bind(user.as_str())
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }
}

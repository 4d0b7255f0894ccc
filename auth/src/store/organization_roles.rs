//! Roles that organizations made for themselves.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::invitations::waits;
use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::{OrganizationId, OrganizationRoleId};
use crate::organization::OrganizationPermissions;

/// A stored role.
#[derive(Clone, Debug)]
pub struct OrganizationRoleRow {
    /// Its id.
    pub id: OrganizationRoleId,
    /// What the organization calls it.
    pub name: String,
    /// What it allows.
    pub permissions: OrganizationPermissions,
}

/// A role to be made.
pub struct NewOrganizationRole<'a> {
    /// Its id.
    pub id: &'a OrganizationRoleId,
    /// Whose it is.
    pub organization_id: &'a OrganizationId,
    /// What it is called.
    pub name: &'a str,
    /// What it allows.
    pub permissions: &'a OrganizationPermissions,
    /// Now.
    pub created_at: Timestamp,
}

impl FromRow<'_, AnyRow> for OrganizationRoleRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: OrganizationRoleId(row.try_get("id")?),
            name: row.try_get("name")?,
            permissions: OrganizationPermissions::from_text(row.try_get("permissions")?),
        })
    }
}

impl Store {
    /// The roles that an organization made, in the order they were made.
    pub async fn organization_roles(&self, organization: &OrganizationId) -> Result<Vec<OrganizationRoleRow>> {
        sqlx::query_as(
            "SELECT id, name, permissions FROM organization_roles WHERE organization_id = $1 ORDER BY created_at, id",
        )
        .bind(organization.as_str())
        .fetch_all(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// A role of this organization, for whoever holds it.
    pub async fn organization_role(
        &mut self,
        organization: &OrganizationId,
        id: &OrganizationRoleId,
    ) -> Result<Option<OrganizationRoleRow>> {
        sqlx::query_as("SELECT id, name, permissions FROM organization_roles WHERE organization_id = $1 AND id = $2")
            .bind(organization.as_str())
            .bind(id.as_str())
            .fetch_optional(&mut *self.0)
            .await
    }

    /// How many roles an organization made. Exact for whoever holds it.
    pub async fn count_organization_roles(&mut self, organization: &OrganizationId) -> Result<i64> {
        sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) AS roles FROM organization_roles WHERE organization_id = $1")
            .bind(organization.as_str())
            .fetch_one(&mut *self.0)
            .await?
            .try_get("roles")
    }

    /// Makes a role; `false` when another one of the organization is called so, in any letter case.
    pub async fn insert_organization_role(&mut self, new: NewOrganizationRole<'_>) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO organization_roles (id, organization_id, name, permissions, created_at) \
             SELECT $1, $2, $3, $4, CAST($5 AS BIGINT) WHERE NOT EXISTS (SELECT r.id FROM organization_roles r \
             WHERE r.organization_id = $2 AND LOWER(r.name) = LOWER($3))",
        )
        .bind(new.id.as_str())
        .bind(new.organization_id.as_str())
        .bind(new.name)
        .bind(new.permissions.as_text())
        .bind(new.created_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Changes a role; `false` when another one of the organization is called so, in any letter case.
    pub async fn set_organization_role(
        &mut self,
        organization: &OrganizationId,
        id: &OrganizationRoleId,
        name: &str,
        permissions: &OrganizationPermissions,
    ) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE organization_roles SET name = $3, permissions = $4 WHERE organization_id = $1 AND id = $2 \
             AND NOT EXISTS (SELECT r.id FROM organization_roles r WHERE r.organization_id = $1 \
             AND LOWER(r.name) = LOWER($3) AND r.id <> $2)",
        )
        .bind(organization.as_str())
        .bind(id.as_str())
        .bind(name)
        .bind(permissions.as_text())
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Removes a role that no member has and no open invitation gives; `false` when one does.
    pub async fn remove_organization_role(
        &mut self,
        organization: &OrganizationId,
        id: &OrganizationRoleId,
        now: Timestamp,
    ) -> Result<bool> {
        let done = sqlx::query(concat!(
            "DELETE FROM organization_roles WHERE organization_id = $1 AND id = $2 \
             AND NOT EXISTS (SELECT m.user_id FROM memberships m WHERE m.organization_id = $1 AND m.role = $2) \
             AND NOT EXISTS (SELECT i.id FROM invitations i WHERE i.organization_id = $1 AND i.role = $2 \
             AND i.expires_at > $3 AND ",
            waits!(),
            ")"
        ))
        .bind(organization.as_str())
        .bind(id.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}

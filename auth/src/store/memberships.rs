//! Who is in an organization, and what they are there.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store, TokenVersion, Transaction};
use crate::Timestamp;
use crate::id::{OrganizationId, UserId};
use crate::organization::{OrganizationPermissions, OrganizationRole};

/// A member of an organization.
#[derive(Clone, Debug)]
pub struct MembershipRow {
    /// Of which.
    pub organization_id: OrganizationId,
    /// Who.
    pub user_id: UserId,
    /// As what.
    pub role: OrganizationRole,
    /// The name of a built-in role, else what the organization calls it.
    pub role_name: String,
    /// What the role allows.
    pub permissions: OrganizationPermissions,
    /// Where in it.
    pub department: Option<String>,
    /// Since when.
    pub joined_at: Timestamp,
}

/// A member to be added.
pub struct NewMembership<'a> {
    /// Of which organization.
    pub organization_id: &'a OrganizationId,
    /// Who.
    pub user_id: &'a UserId,
    /// As what.
    pub role: &'a OrganizationRole,
    /// Where in it.
    pub department: Option<&'a str>,
    /// Now.
    pub joined_at: Timestamp,
}

/// A member `m` of an organization with its role. What else it takes stands behind it.
macro_rules! membership {
    () => {
        "SELECT m.organization_id, m.user_id, m.role, m.department, m.joined_at, r.name AS role_name, \
         r.permissions AS role_permissions FROM memberships m \
         LEFT JOIN organization_roles r ON r.id = m.role AND r.organization_id = m.organization_id \
         WHERE m.organization_id = $1"
    };
}

/// What a role is called and allows, by what the store says of it: a custom one that is gone allows nothing.
pub(super) fn role_of(
    role: &str,
    custom: (Option<String>, Option<String>),
) -> (OrganizationRole, String, OrganizationPermissions) {
    let role = OrganizationRole::parse(role);
    match &role {
        OrganizationRole::BuiltIn(built_in) => {
            let (name, permissions) = (built_in.as_str().to_owned(), built_in.permissions());
            (role, name, permissions)
        }
        OrganizationRole::Custom(_) => {
            let permissions = custom.1.as_deref().map(OrganizationPermissions::from_text).unwrap_or_default();
            (role, custom.0.unwrap_or_default(), permissions)
        }
    }
}

impl FromRow<'_, AnyRow> for MembershipRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let custom = (row.try_get("role_name")?, row.try_get("role_permissions")?);
        let (role, role_name, permissions) = role_of(row.try_get("role")?, custom);
        Ok(Self {
            organization_id: OrganizationId(row.try_get("organization_id")?),
            user_id: UserId(row.try_get("user_id")?),
            role,
            role_name,
            permissions,
            department: row.try_get("department")?,
            joined_at: Timestamp(row.try_get("joined_at")?),
        })
    }
}

impl Store {
    /// What somebody is in an organization; none when they are not in it.
    pub async fn membership(&self, organization: &OrganizationId, user: &UserId) -> Result<Option<MembershipRow>> {
        sqlx::query_as(concat!(membership!(), " AND m.user_id = $2"))
            .bind(organization.as_str())
            .bind(user.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }
}

impl Transaction {
    /// What somebody is in an organization; none when they are not in it. It stays so for whoever holds the
    /// organization.
    pub async fn membership(&mut self, organization: &OrganizationId, user: &UserId) -> Result<Option<MembershipRow>> {
        sqlx::query_as(concat!(membership!(), " AND m.user_id = $2"))
            .bind(organization.as_str())
            .bind(user.as_str())
            .fetch_optional(&mut *self.0)
            .await
    }

    /// Adds a member; `false` when they were one before.
    pub async fn add_membership(&mut self, new: NewMembership<'_>) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO memberships (organization_id, user_id, role, department, joined_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organization_id, user_id) DO NOTHING",
        )
        .bind(new.organization_id.as_str())
        .bind(new.user_id.as_str())
        .bind(new.role.as_str())
        .bind(new.department)
        .bind(new.joined_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Changes what a member is and where; `false` when they are not in the organization.
    pub async fn set_membership(
        &mut self,
        organization: &OrganizationId,
        user: &UserId,
        role: &OrganizationRole,
        department: Option<&str>,
    ) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE memberships SET role = $3, department = $4 WHERE organization_id = $1 AND user_id = $2",
        )
        .bind(organization.as_str())
        .bind(user.as_str())
        .bind(role.as_str())
        .bind(department)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Takes a member out; `false` when they were not in it.
    pub async fn remove_membership(&mut self, organization: &OrganizationId, user: &UserId) -> Result<bool> {
        let done = sqlx::query("DELETE FROM memberships WHERE organization_id = $1 AND user_id = $2")
            .bind(organization.as_str())
            .bind(user.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether somebody else owns the organization, and stays: an owner whose account is about to go is none. Exact for
    /// whoever holds the organization.
    pub async fn has_other_owner(&mut self, organization: &OrganizationId, user: &UserId) -> Result<bool> {
        let row = sqlx::query(
            "SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.organization_id = $1 \
             AND m.role = 'owner' AND m.user_id <> $2 AND u.delete_at IS NULL LIMIT 1",
        )
        .bind(organization.as_str())
        .bind(user.as_str())
        .fetch_optional(&mut *self.0)
        .await?;
        Ok(row.is_some())
    }

    /// The rights of every member with this role change with this transaction, and those of all members without one.
    /// See [`Transaction::bump_token_version`].
    pub async fn bump_token_versions(
        &mut self,
        organization: &OrganizationId,
        role: Option<&OrganizationRole>,
        now: Timestamp,
    ) -> Result<()> {
        let rows = sqlx::query(
            "UPDATE users SET token_version = token_version + 1, token_version_at = $2 WHERE id IN \
             (SELECT m.user_id FROM memberships m WHERE m.organization_id = $1 AND (m.role = $3 OR $3 = '')) \
             RETURNING id, token_version",
        )
        .bind(organization.as_str())
        .bind(now.0)
        .bind(role.map_or("", OrganizationRole::as_str))
        .fetch_all(&mut *self.0)
        .await?;
        for row in rows {
            let user = UserId(row.try_get("id")?);
            self.1.note(TokenVersion { user, version: row.try_get("token_version")?, at: now });
        }
        Ok(())
    }
}

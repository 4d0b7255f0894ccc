//! The members of an organization as a list, and how many there are of each role.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::memberships::MembershipRow;
use super::users::{locale, parsed};
use super::{Result, Store, Transaction};
use crate::id::{OrganizationId, UserId};
use crate::paging::{Place, rows_to_ask};
use crate::{Email, Locale, PersonName};

/// A member in the list of all.
pub struct MemberRow {
    /// What they are there.
    pub membership: MembershipRow,
    /// What the person wants to be called.
    pub name: PersonName,
    /// The proved address.
    pub email: Email,
    /// The id of the picture.
    pub avatar: Option<String>,
}

/// An owner, to be written to.
pub struct OwnerRow {
    /// The account.
    pub user_id: UserId,
    /// What the person wants to be called.
    pub name: PersonName,
    /// The proved address.
    pub email: Email,
    /// The language of mails.
    pub locale: Locale,
}

/// A member `m` with the person. What else it takes stands behind it.
macro_rules! member {
    () => {
        "SELECT m.organization_id, m.user_id, m.role, m.department, m.joined_at, r.name AS role_name, \
         r.permissions AS role_permissions, u.name, u.email, a.id AS avatar_id \
         FROM memberships m JOIN users u ON u.id = m.user_id LEFT JOIN avatars a ON a.user_id = m.user_id \
         LEFT JOIN organization_roles r ON r.id = m.role AND r.organization_id = m.organization_id \
         WHERE m.organization_id = $1"
    };
}

impl FromRow<'_, AnyRow> for MemberRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            membership: MembershipRow::from_row(row)?,
            name: PersonName::from(row.try_get::<String, _>("name")?),
            email: parsed(row, "email")?,
            avatar: row.try_get("avatar_id")?,
        })
    }
}

impl FromRow<'_, AnyRow> for OwnerRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            user_id: UserId(row.try_get("id")?),
            name: PersonName::from(row.try_get::<String, _>("name")?),
            email: parsed(row, "email")?,
            locale: locale(row)?,
        })
    }
}

impl Store {
    /// Members whose name or address fits a pattern of `LIKE` with the escape `!`, that follow `place`; who joined last
    /// first. Walks along the members in that order: a pattern that fits few reads all of them.
    pub async fn members(&self, organization: &OrganizationId, pattern: &str, place: &Place) -> Result<Vec<MemberRow>> {
        sqlx::query_as(concat!(
            member!(),
            " AND (m.joined_at, m.user_id) < ($2, $3) AND (u.email LIKE $4 ESCAPE '!' OR LOWER(u.name) LIKE $4 ESCAPE '!') \
             ORDER BY m.joined_at DESC, m.user_id DESC LIMIT $5"
        ))
        .bind(organization.as_str())
        .bind(place.at.0)
        .bind(place.id.as_str())
        .bind(pattern)
        .bind(rows_to_ask())
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// One member.
    pub async fn member(&self, organization: &OrganizationId, user: &UserId) -> Result<Option<MemberRow>> {
        sqlx::query_as(concat!(member!(), " AND m.user_id = $2"))
            .bind(organization.as_str())
            .bind(user.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }

    /// How many members there are of each role that somebody has, by what the store calls it.
    pub async fn members_by_role(&self, organization: &OrganizationId) -> Result<Vec<(String, i64)>> {
        sqlx::query(
            "SELECT role, CAST(COUNT(*) AS BIGINT) AS members FROM memberships WHERE organization_id = $1 GROUP BY role",
        )
        .bind(organization.as_str())
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("role")?, row.try_get("members")?)))
        .collect()
    }
}

impl Transaction {
    /// The owners of an organization.
    pub async fn owners(&mut self, organization: &OrganizationId) -> Result<Vec<OwnerRow>> {
        sqlx::query_as(
            "SELECT u.id, u.name, u.email, u.locale FROM memberships m JOIN users u ON u.id = m.user_id \
             WHERE m.organization_id = $1 AND m.role = 'owner' ORDER BY m.joined_at, m.user_id",
        )
        .bind(organization.as_str())
        .fetch_all(&mut *self.0)
        .await
    }

    /// Who would own an organization after `owner`: of the other members whose account stays an administrator before
    /// all others, and who joined first.
    pub async fn heir(&mut self, organization: &OrganizationId, owner: &UserId) -> Result<Option<OwnerRow>> {
        sqlx::query_as(
            "SELECT u.id, u.name, u.email, u.locale FROM memberships m JOIN users u ON u.id = m.user_id \
             WHERE m.organization_id = $1 AND m.user_id <> $2 AND u.delete_at IS NULL \
             ORDER BY CASE WHEN m.role = 'admin' THEN 0 ELSE 1 END, m.joined_at, m.user_id LIMIT 1",
        )
        .bind(organization.as_str())
        .bind(owner.as_str())
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Holds every organization that an account owns alone: nobody else who stays is an owner. Gives them with whether
    /// somebody else who stays is in it. Hold the account afterwards and not before: who changes members holds the
    /// organization first.
    pub async fn hold_solely_owned(&mut self, owner: &UserId) -> Result<Vec<(OrganizationId, bool)>> {
        sqlx::query(
            "UPDATE organizations SET version = version + 1 WHERE id IN \
             (SELECT m.organization_id FROM memberships m WHERE m.user_id = $1 AND m.role = 'owner')",
        )
        .bind(owner.as_str())
        .execute(&mut *self.0)
        .await?;
        sqlx::query(
            "SELECT m.organization_id, CAST(CASE WHEN EXISTS (SELECT p.user_id FROM memberships p \
             JOIN users u ON u.id = p.user_id WHERE p.organization_id = m.organization_id AND p.user_id <> $1 \
             AND u.delete_at IS NULL) THEN 1 ELSE 0 END AS BIGINT) AS has_others FROM memberships m \
             WHERE m.user_id = $1 AND m.role = 'owner' AND NOT EXISTS (SELECT p.user_id FROM memberships p \
             JOIN users u ON u.id = p.user_id WHERE p.organization_id = m.organization_id AND p.user_id <> $1 \
             AND p.role = 'owner' AND u.delete_at IS NULL)",
        )
        .bind(owner.as_str())
        .fetch_all(&mut *self.0)
        .await?
        .iter()
        .map(|row| Ok((OrganizationId(row.try_get("organization_id")?), row.try_get::<i64, _>("has_others")? == 1)))
        .collect()
    }
}

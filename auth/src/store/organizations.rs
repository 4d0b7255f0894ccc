//! Organizations: one row each, which is held by whoever changes who is in it and what they may.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::memberships::MembershipRow;
use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::{OrganizationId, UserId};
use crate::organization::{OrganizationName, Slug};
use crate::paging::Place;

/// A stored organization.
#[derive(Clone, Debug)]
pub struct OrganizationRow {
    /// The organization.
    pub id: OrganizationId,
    /// What it is called in addresses.
    pub slug: Slug,
    /// What it is called.
    pub name: OrganizationName,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counted up by whoever holds it.
    pub version: i64,
    /// When its members must have a second factor from; none: they need not.
    pub factor_required_from: Option<Timestamp>,
    /// When it goes, once that was asked for.
    pub delete_at: Option<Timestamp>,
    /// When the platform closed it; nobody is let into a closed one.
    pub closed_at: Option<Timestamp>,
}

/// An organization with what one of its members is there.
pub struct OwnOrganizationRow {
    /// The organization.
    pub organization: OrganizationRow,
    /// The member.
    pub membership: MembershipRow,
    /// The id of its logo.
    pub logo: Option<String>,
}

/// An organization to be made.
pub struct NewOrganization<'a> {
    /// Its id.
    pub id: &'a OrganizationId,
    /// What it is called in addresses.
    pub slug: &'a Slug,
    /// What it is called.
    pub name: &'a OrganizationName,
    /// Now.
    pub created_at: Timestamp,
}

/// The columns of an organization `o`.
macro_rules! organization_columns {
    () => {
        "o.id AS organization_id, o.slug, o.name, o.created_at, o.version, o.factor_required_from, o.delete_at, \
         o.closed_at"
    };
}

/// The open organizations of a member, with the role and the logo. What else it takes stands behind it.
macro_rules! own_organization {
    () => {
        concat!(
            "SELECT ",
            organization_columns!(),
            ", m.user_id, m.role, m.department, m.joined_at, r.name AS role_name, r.permissions AS role_permissions, \
             l.id AS logo_id FROM memberships m JOIN organizations o ON o.id = m.organization_id \
             LEFT JOIN organization_roles r ON r.id = m.role AND r.organization_id = m.organization_id \
             LEFT JOIN organization_logos l ON l.organization_id = o.id WHERE o.closed_at IS NULL AND m.user_id = $1"
        )
    };
}

impl FromRow<'_, AnyRow> for OrganizationRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: OrganizationId(row.try_get("organization_id")?),
            slug: Slug::from(row.try_get::<String, _>("slug")?),
            name: OrganizationName::from(row.try_get::<String, _>("name")?),
            created_at: Timestamp(row.try_get("created_at")?),
            version: row.try_get("version")?,
            factor_required_from: row.try_get::<Option<i64>, _>("factor_required_from")?.map(Timestamp),
            delete_at: row.try_get::<Option<i64>, _>("delete_at")?.map(Timestamp),
            closed_at: row.try_get::<Option<i64>, _>("closed_at")?.map(Timestamp),
        })
    }
}

impl FromRow<'_, AnyRow> for OwnOrganizationRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            organization: OrganizationRow::from_row(row)?,
            membership: MembershipRow::from_row(row)?,
            logo: row.try_get("logo_id")?,
        })
    }
}

impl Store {
    /// An open organization, for one who is in it.
    pub async fn own_organization(&self, id: &OrganizationId, user: &UserId) -> Result<Option<OwnOrganizationRow>> {
        sqlx::query_as(concat!(own_organization!(), " AND o.id = $2"))
            .bind(user.as_str())
            .bind(id.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }

    /// The id of the open organization with this slug, for one who is in it.
    pub async fn own_organization_id(&self, slug: &str, user: &UserId) -> Result<Option<OrganizationId>> {
        sqlx::query(
            "SELECT o.id FROM organizations o JOIN memberships m ON m.organization_id = o.id \
             WHERE o.slug = $2 AND m.user_id = $1 AND o.closed_at IS NULL",
        )
        .bind(user.as_str())
        .bind(slug)
        .fetch_optional(&mut *self.read.get().await?)
        .await?
        .map(|row| row.try_get("id").map(OrganizationId))
        .transpose()
    }

    /// The open organizations somebody is in that follow `place`, the one they joined last first.
    pub async fn own_organizations(&self, user: &UserId, place: &Place, most: i64) -> Result<Vec<OwnOrganizationRow>> {
        sqlx::query_as(concat!(
            own_organization!(),
            " AND (m.joined_at, m.organization_id) < ($2, $3) ORDER BY m.joined_at DESC, m.organization_id DESC LIMIT $4"
        ))
        .bind(user.as_str())
        .bind(place.at.0)
        .bind(place.id.as_str())
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// Makes an organization; `false` when its slug is taken.
    pub async fn insert_organization(&mut self, new: NewOrganization<'_>) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO organizations (id, slug, name, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (slug) DO NOTHING",
        )
        .bind(new.id.as_str())
        .bind(new.slug.as_str())
        .bind(new.name.as_str())
        .bind(new.created_at.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Holds an organization to the end of the transaction: who else changes who is in it and what they may comes
    /// before or after. `false` when it is gone.
    pub async fn lock_organization(&mut self, id: &OrganizationId) -> Result<bool> {
        let done = sqlx::query("UPDATE organizations SET version = version + 1 WHERE id = $1")
            .bind(id.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// An organization as it is now, for whoever holds it.
    pub async fn organization(&mut self, id: &OrganizationId) -> Result<Option<OrganizationRow>> {
        sqlx::query_as(concat!("SELECT ", organization_columns!(), " FROM organizations o WHERE o.id = $1"))
            .bind(id.as_str())
            .fetch_optional(&mut *self.0)
            .await
    }

    /// Gives an organization another name and slug; `false` when the slug is another one's.
    pub async fn rename_organization(
        &mut self,
        id: &OrganizationId,
        name: &OrganizationName,
        slug: &Slug,
    ) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE organizations SET name = $2, slug = $3 WHERE id = $1 \
             AND NOT EXISTS (SELECT o.id FROM organizations o WHERE o.slug = $3 AND o.id <> $1)",
        )
        .bind(id.as_str())
        .bind(name.as_str())
        .bind(slug.as_str())
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// How many organizations an account owns. Exact for whoever holds the account.
    pub async fn count_owned_organizations(&mut self, user: &UserId) -> Result<i64> {
        sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) AS owned FROM memberships WHERE user_id = $1 AND role = 'owner'")
            .bind(user.as_str())
            .fetch_one(&mut *self.0)
            .await?
            .try_get("owned")
    }
}

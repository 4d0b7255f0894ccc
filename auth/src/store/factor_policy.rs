//! Since when the rules that it must have a second factor hold for an account: that of the platform, which is noted, and
//! those of its organizations, which follow from its memberships.

use sqlx::Row;

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::{OrganizationId, UserId};

/// Since when an organization of the account demands a factor, or since it joined if that was later; NULL when none does.
/// `$users` is what the statement calls the table of accounts.
macro_rules! organization_factor_from {
    ($users:literal) => {
        concat!(
            "(SELECT CAST(MIN(CASE WHEN fm.joined_at > fo.factor_required_from THEN fm.joined_at \
             ELSE fo.factor_required_from END) AS BIGINT) FROM memberships fm \
             JOIN organizations fo ON fo.id = fm.organization_id WHERE fm.user_id = ",
            $users,
            ".id AND fo.factor_required_from IS NOT NULL AND fo.closed_at IS NULL) AS organization_factor_from"
        )
    };
}
pub(super) use organization_factor_from;

/// How an organization stands with its own rule.
pub struct OrganizationFactorRow {
    /// Since when its members must have a factor; none: they need not.
    pub required_from: Option<Timestamp>,
    /// How many there are.
    pub members: i64,
    /// How many of them have no strong factor.
    pub without: i64,
}

impl Store {
    /// How an organization stands with its rule; none when there is no such organization.
    pub async fn organization_factors(&self, organization: &OrganizationId) -> Result<Option<OrganizationFactorRow>> {
        let row = sqlx::query(
            "SELECT o.factor_required_from, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM memberships m WHERE m.organization_id = o.id) AS members, \
             (SELECT CAST(COUNT(*) AS BIGINT) FROM memberships m JOIN users u ON u.id = m.user_id \
             WHERE m.organization_id = o.id AND u.factors NOT LIKE '%totp%' AND u.factors NOT LIKE '%passkey%' \
             AND u.factors NOT LIKE '%sms_code%') AS lacking \
             FROM organizations o WHERE o.id = $1",
        )
        .bind(organization.as_str())
        .fetch_optional(&mut *self.read.get().await?)
        .await?;
        row.map(|row| {
            Ok(OrganizationFactorRow {
                required_from: row.try_get::<Option<i64>, _>("factor_required_from")?.map(Timestamp),
                members: row.try_get("members")?,
                without: row.try_get("lacking")?,
            })
        })
        .transpose()
    }
}

impl Transaction {
    /// The rule met the account now, unless it had before.
    pub async fn note_factor_required(&mut self, id: &UserId, now: Timestamp) -> Result<()> {
        sqlx::query("UPDATE users SET factor_required_from = $2 WHERE id = $1 AND factor_required_from IS NULL")
            .bind(id.as_str())
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// The rule met the account at this moment, whatever was noted before.
    pub async fn note_factor_required_since(&mut self, id: &UserId, since: Timestamp) -> Result<()> {
        sqlx::query("UPDATE users SET factor_required_from = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(since.0)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// The rule holds for the account no longer.
    pub async fn note_factor_not_required(&mut self, id: &UserId) -> Result<()> {
        sqlx::query("UPDATE users SET factor_required_from = NULL WHERE id = $1 AND factor_required_from IS NOT NULL")
            .bind(id.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Demands a second factor of the members of an organization from now on, or no longer; `false` when it is so
    /// already.
    pub async fn set_organization_factor(
        &mut self,
        organization: &OrganizationId,
        required_from: Option<Timestamp>,
    ) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE organizations SET factor_required_from = $2 WHERE id = $1 \
             AND CASE WHEN factor_required_from IS NULL THEN 0 ELSE 1 END <> CAST($3 AS BIGINT)",
        )
        .bind(organization.as_str())
        .bind(required_from.map(|at| at.0))
        .bind(i64::from(required_from.is_some()))
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}

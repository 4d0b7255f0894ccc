//! What `keywright doctor` asks a database about itself and about its accounts. Nothing is changed.

use sqlx::Row;

use super::{Result, Store};
use crate::{Role, Timestamp};

/// What the account of PostgreSQL may do beyond its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountRights {
    /// Everything.
    pub is_superuser: bool,
    /// Make roles or databases, or pass by the rules of rows.
    pub may_more: bool,
}

/// Accounts with a role on the platform that can be signed in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformStaff {
    /// Who look after everything.
    pub administrators: i64,
    /// Of all roles, those without a second factor.
    pub without_factor: i64,
}

impl Store {
    /// Settings on which it depends whether what was committed survives a power cut, with their values.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn durability(&self) -> Result<Vec<(String, String)>> {
        // A matter of each database: pragmas of SQLite hold for the connections of this program.
        let statement = if self.is_sqlite() {
            "SELECT 'journal_mode' AS name, CAST(j.journal_mode AS TEXT) AS value FROM pragma_journal_mode() j \
             UNION ALL SELECT 'synchronous' AS name, CAST(s.synchronous AS TEXT) AS value FROM pragma_synchronous() s"
        } else {
            "SELECT CAST(name AS TEXT) AS name, CAST(setting AS TEXT) AS value FROM pg_settings \
             WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name"
        };
        let rows = sqlx::query(statement).fetch_all(&mut *self.read.get().await?).await?;
        rows.iter().map(|row| Ok((row.try_get("name")?, row.try_get("value")?))).collect()
    }

    /// What the account of PostgreSQL may do; none on SQLite, which has no accounts.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_rights(&self) -> Result<Option<AccountRights>> {
        if self.is_sqlite() {
            return Ok(None);
        }
        let row = sqlx::query(
            "SELECT CAST(CASE WHEN rolsuper THEN 1 ELSE 0 END AS BIGINT) AS superuser, \
             CAST(CASE WHEN rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication THEN 1 ELSE 0 END AS BIGINT) \
             AS more FROM pg_roles WHERE rolname = current_user",
        )
        .fetch_one(&mut *self.read.get().await?)
        .await?;
        let (superuser, more): (i64, i64) = (row.try_get("superuser")?, row.try_get("more")?);
        Ok(Some(AccountRights { is_superuser: superuser != 0, may_more: more != 0 }))
    }

    /// The version of PostgreSQL, such as 15; none of SQLite, which is part of the program.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn server_version(&self) -> Result<Option<i64>> {
        if self.is_sqlite() {
            return Ok(None);
        }
        let row = sqlx::query("SELECT CAST(current_setting('server_version_num') AS BIGINT) / 10000 AS version")
            .fetch_one(&mut *self.read.get().await?)
            .await?;
        Ok(Some(row.try_get("version")?))
    }

    /// Who looks after the platform. Accounts that are suspended or about to go do not count.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn platform_staff(&self, now: Timestamp) -> Result<PlatformStaff> {
        let row = sqlx::query(
            "SELECT CAST(COALESCE(SUM(CASE WHEN role = $1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS administrators, \
             CAST(COALESCE(SUM(CASE WHEN factors = '' THEN 1 ELSE 0 END), 0) AS BIGINT) AS without_factor \
             FROM users WHERE role <> 'user' AND suspended_until <= $2 AND delete_at IS NULL",
        )
        .bind(Role::PlatformAdmin.as_str())
        .bind(now.0)
        .fetch_one(&mut *self.read.get().await?)
        .await?;
        Ok(PlatformStaff {
            administrators: row.try_get("administrators")?,
            without_factor: row.try_get("without_factor")?,
        })
    }

    /// Since when the job is due that is due for the longest; none when nothing waits.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn jobs_due_since(&self) -> Result<Option<Timestamp>> {
        let row = sqlx::query(
            "SELECT CAST(MIN(run_at) AS BIGINT) AS due_since FROM jobs WHERE done_at IS NULL AND dead_at IS NULL",
        )
        .fetch_one(&mut *self.read.get().await?)
        .await?;
        Ok(row.try_get::<Option<i64>, _>("due_since")?.map(Timestamp))
    }
}

//! Questions to the policies with the answers they must have.

use sqlx::Row;

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::PolicyCaseId;

/// A stored case.
pub struct PolicyCaseRow {
    /// Its id.
    pub id: PolicyCaseId,
    /// What it is called.
    pub name: String,
    /// Whether it must be allowed.
    pub allowed: bool,
    /// The question, as JSON.
    pub question: String,
}

impl Store {
    /// Every case, the eldest first.
    pub async fn policy_cases(&self) -> Result<Vec<PolicyCaseRow>> {
        sqlx::query("SELECT id, name, allowed, question FROM policy_cases ORDER BY created_at, id")
            .fetch_all(&mut *self.read.get().await?)
            .await?
            .iter()
            .map(|row| {
                Ok(PolicyCaseRow {
                    id: PolicyCaseId(row.try_get("id")?),
                    name: row.try_get("name")?,
                    allowed: row.try_get::<i64, _>("allowed")? == 1,
                    question: row.try_get("question")?,
                })
            })
            .collect()
    }
}

impl Transaction {
    /// Notes that a case changes with this transaction: what was activated by the cases of before is told. Whoever else
    /// changes one waits.
    pub async fn bump_policy_cases(&mut self) -> Result<()> {
        sqlx::query("UPDATE policy_state SET cases_version = cases_version + 1 WHERE id = 'policies'")
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// How many cases there are. Exact after [`Transaction::bump_policy_cases`].
    pub async fn count_policy_cases(&mut self) -> Result<i64> {
        sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) AS cases FROM policy_cases")
            .fetch_one(&mut *self.0)
            .await?
            .try_get("cases")
    }

    /// Stores a case.
    pub async fn insert_policy_case(&mut self, case: &PolicyCaseRow, now: Timestamp) -> Result<()> {
        sqlx::query("INSERT INTO policy_cases (id, name, allowed, created_at, question) VALUES ($1, $2, $3, $4, $5)")
            .bind(case.id.as_str())
            .bind(case.name.as_str())
            .bind(i64::from(case.allowed))
            .bind(now.0)
            .bind(case.question.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Removes a case; `false` when there is none.
    pub async fn delete_policy_case(&mut self, id: &PolicyCaseId) -> Result<bool> {
        let done =
            sqlx::query("DELETE FROM policy_cases WHERE id = $1").bind(id.as_str()).execute(&mut *self.0).await?;
        Ok(done.rows_affected() == 1)
    }
}

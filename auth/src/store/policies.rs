//! Versions of the policies, which of them is in force, and texts that could not be saved yet.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::news::Topic;
use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::{PolicyVersionId, UserId};
use crate::paging::{Place, rows_to_ask};

/// A stored version, without its text.
pub struct PolicyVersionRow {
    /// Its id.
    pub id: PolicyVersionId,
    /// What it is called.
    pub number: i64,
    /// What its author says of it.
    pub note: String,
    /// What its author is called.
    pub author: Option<String>,
    /// When it was saved.
    pub created_at: Timestamp,
    /// When it was last activated.
    pub activated_at: Option<Timestamp>,
}

/// A version to be stored.
pub struct NewPolicyVersion<'a> {
    /// Its id.
    pub id: &'a PolicyVersionId,
    /// What it is called.
    pub number: i64,
    /// What its author says of it.
    pub note: &'a str,
    /// Whose it is.
    pub author_id: &'a UserId,
    /// Now.
    pub created_at: Timestamp,
    /// The policies.
    pub text: &'a str,
}

/// How policies stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyState {
    /// The version in force.
    pub active_number: i64,
    /// How often another one was activated.
    pub generation: i64,
    /// How often a case was changed.
    pub cases_version: i64,
}

/// The policies in force.
pub struct ActivePolicies {
    /// Their version.
    pub number: i64,
    /// How often another one was activated.
    pub generation: i64,
    /// The policies.
    pub text: String,
}

/// A text that could not be saved.
pub struct PolicyDraftRow {
    /// What its author says of it.
    pub note: String,
    /// The policies.
    pub text: String,
}

/// A version with the name of its author. What else it takes stands behind it.
macro_rules! version {
    () => {
        "SELECT v.id, v.number, v.note, u.name AS author, v.created_at, v.activated_at \
         FROM policy_versions v LEFT JOIN users u ON u.id = v.author_id"
    };
}

impl FromRow<'_, AnyRow> for PolicyVersionRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: PolicyVersionId(row.try_get("id")?),
            number: row.try_get("number")?,
            note: row.try_get("note")?,
            author: row.try_get("author")?,
            created_at: Timestamp(row.try_get("created_at")?),
            activated_at: row.try_get::<Option<i64>, _>("activated_at")?.map(Timestamp),
        })
    }
}

impl Store {
    /// How policies stand.
    pub async fn policy_state(&self) -> Result<PolicyState> {
        let row =
            sqlx::query("SELECT active_number, generation, cases_version FROM policy_state WHERE id = 'policies'")
                .fetch_one(&mut *self.read.get().await?)
                .await?;
        Ok(PolicyState {
            active_number: row.try_get("active_number")?,
            generation: row.try_get("generation")?,
            cases_version: row.try_get("cases_version")?,
        })
    }

    /// The policies in force.
    pub async fn active_policies(&self) -> Result<ActivePolicies> {
        let row = sqlx::query(
            "SELECT s.active_number, s.generation, v.text FROM policy_state s \
             JOIN policy_versions v ON v.number = s.active_number WHERE s.id = 'policies'",
        )
        .fetch_one(&mut *self.read.get().await?)
        .await?;
        Ok(ActivePolicies {
            number: row.try_get("active_number")?,
            generation: row.try_get("generation")?,
            text: row.try_get("text")?,
        })
    }

    /// Versions that follow `place`, the newest first.
    pub async fn policy_versions(&self, place: &Place) -> Result<Vec<PolicyVersionRow>> {
        sqlx::query_as(concat!(
            version!(),
            " WHERE (v.created_at, v.id) < ($1, $2) ORDER BY v.created_at DESC, v.id DESC LIMIT $3"
        ))
        .bind(place.at.0)
        .bind(place.id.as_str())
        .bind(rows_to_ask())
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// The version of a number.
    pub async fn policy_version(&self, number: i64) -> Result<Option<PolicyVersionRow>> {
        sqlx::query_as(concat!(version!(), " WHERE v.number = $1"))
            .bind(number)
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }

    /// The text of a version.
    pub async fn policy_text(&self, number: i64) -> Result<Option<String>> {
        sqlx::query("SELECT text FROM policy_versions WHERE number = $1")
            .bind(number)
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| row.try_get("text"))
            .transpose()
    }

    /// The text that somebody could not save.
    pub async fn policy_draft(&self, user: &UserId) -> Result<Option<PolicyDraftRow>> {
        sqlx::query("SELECT note, text FROM policy_drafts WHERE user_id = $1")
            .bind(user.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| Ok(PolicyDraftRow { note: row.try_get("note")?, text: row.try_get("text")? }))
            .transpose()
    }
}

impl Transaction {
    /// The number of the next version; whoever else wants one waits for this transaction.
    pub async fn next_policy_number(&mut self) -> Result<i64> {
        sqlx::query(
            "UPDATE policy_state SET last_number = last_number + 1 WHERE id = 'policies' \
             RETURNING last_number AS number",
        )
        .fetch_one(&mut *self.0)
        .await?
        .try_get("number")
    }

    /// Stores a version.
    pub async fn insert_policy_version(&mut self, new: NewPolicyVersion<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO policy_versions (id, number, note, author_id, created_at, text) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(new.id.as_str())
        .bind(new.number)
        .bind(new.note)
        .bind(new.author_id.as_str())
        .bind(new.created_at.0)
        .bind(new.text)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Puts another version in force, if policies and cases still stand as they were seen; `false` when they do not.
    pub async fn activate_policies(&mut self, number: i64, seen: PolicyState, now: Timestamp) -> Result<bool> {
        self.1.tell_others(Topic::Policies);
        let done = sqlx::query(
            "UPDATE policy_state SET active_number = $1, generation = generation + 1 \
             WHERE id = 'policies' AND generation = $2 AND cases_version = $3",
        )
        .bind(number)
        .bind(seen.generation)
        .bind(seen.cases_version)
        .execute(&mut *self.0)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("UPDATE policy_versions SET activated_at = $2 WHERE number = $1")
            .bind(number)
            .bind(now.0)
            .execute(&mut *self.0)
            .await?;
        Ok(true)
    }

    /// Keeps a text that could not be saved; the one from before is forgotten.
    pub async fn keep_policy_draft(&mut self, user: &UserId, note: &str, text: &str, now: Timestamp) -> Result<()> {
        sqlx::query(
            "INSERT INTO policy_drafts (user_id, note, kept_at, text) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (user_id) DO UPDATE SET note = $2, kept_at = $3, text = $4",
        )
        .bind(user.as_str())
        .bind(note)
        .bind(now.0)
        .bind(text)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Forgets it.
    pub async fn forget_policy_draft(&mut self, user: &UserId) -> Result<()> {
        sqlx::query("DELETE FROM policy_drafts WHERE user_id = $1").bind(user.as_str()).execute(&mut *self.0).await?;
        Ok(())
    }
}

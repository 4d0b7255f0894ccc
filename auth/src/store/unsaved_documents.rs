//! What somebody typed into a form about a document that was refused.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::UserId;

/// What was typed, as it was typed.
pub struct UnsavedDocument {
    /// What it was to be called.
    pub title: String,
    /// What it was to say.
    pub body: String,
    /// The department it was to be for.
    pub department: String,
    /// How sensitive it was to be; empty for a document that is there.
    pub sensitivity: String,
}

impl FromRow<'_, AnyRow> for UnsavedDocument {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            title: row.try_get("title")?,
            body: row.try_get("body")?,
            department: row.try_get("department")?,
            sensitivity: row.try_get("sensitivity")?,
        })
    }
}

impl Store {
    /// What somebody last typed at a place, unless it was saved since.
    pub async fn unsaved_document(&self, user: &UserId, place: &str) -> Result<Option<UnsavedDocument>> {
        sqlx::query_as(
            "SELECT title, body, department, sensitivity FROM unsaved_documents WHERE user_id = $1 AND place = $2",
        )
        .bind(user.as_str())
        .bind(place)
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }

    /// Forgets what was typed before `before`.
    pub async fn delete_old_unsaved_documents(&self, before: Timestamp) -> Result<()> {
        sqlx::query("DELETE FROM unsaved_documents WHERE kept_at < $1")
            .bind(before.0)
            .execute(&mut *self.write.get().await?)
            .await?;
        Ok(())
    }
}

impl Transaction {
    /// Keeps what somebody typed at a place, instead of what they typed before: it is shown at once.
    pub async fn keep_unsaved_document(
        &mut self,
        user: &UserId,
        place: &str,
        typed: &UnsavedDocument,
        now: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO unsaved_documents (user_id, place, title, department, sensitivity, kept_at, body) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (user_id) DO UPDATE SET place = excluded.place, \
             title = excluded.title, department = excluded.department, sensitivity = excluded.sensitivity, kept_at = excluded.kept_at, \
             body = excluded.body",
        )
        .bind(user.as_str())
        .bind(place)
        .bind(typed.title.as_str())
        .bind(typed.department.as_str())
        .bind(typed.sensitivity.as_str())
        .bind(now.0)
        .bind(typed.body.as_str())
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Forgets what somebody typed at a place.
    pub async fn forget_unsaved_document(&mut self, user: &UserId, place: &str) -> Result<()> {
        sqlx::query("DELETE FROM unsaved_documents WHERE user_id = $1 AND place = $2")
            .bind(user.as_str())
            .bind(place)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}

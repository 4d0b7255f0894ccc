//! Documents of organizations. Whoever changes one names the version that was decided about: another one stays as it is.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store, Transaction};
use crate::document::{Body, DocumentState, Sensitivity, Title};
use crate::id::{DocumentId, OrganizationId, UserId};
use crate::{PersonName, Timestamp};

/// A document without its text.
#[derive(Clone, Debug)]
pub struct DocumentRow {
    /// The document.
    pub id: DocumentId,
    /// Where.
    pub organization_id: OrganizationId,
    /// Whose.
    pub owner_id: UserId,
    /// What the owner wants to be called.
    pub owner_name: PersonName,
    /// What it is called.
    pub title: Title,
    /// The department it is for; none: for all.
    pub department: Option<String>,
    /// How sensitive it is. One that a newer version wrote is as secret as any here.
    pub sensitivity: Sensitivity,
    /// Where it stands. A state that a newer version wrote is a draft here.
    pub state: DocumentState,
    /// Counted up with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When anything of it last changed.
    pub changed_at: Timestamp,
    /// When it was last published.
    pub published_at: Option<Timestamp>,
    /// When it was archived, while it is.
    pub archived_at: Option<Timestamp>,
}

/// A document with its text.
pub struct StoredDocument {
    /// What lists know of it.
    pub row: DocumentRow,
    /// What it says.
    pub body: Body,
}

/// A document to be stored, as a draft.
pub struct NewDocumentRow<'a> {
    /// Its id.
    pub id: &'a DocumentId,
    /// Where.
    pub organization_id: &'a OrganizationId,
    /// Whose.
    pub owner_id: &'a UserId,
    /// What it is called.
    pub title: &'a Title,
    /// What it says.
    pub body: &'a Body,
    /// The department it is for.
    pub department: Option<&'a str>,
    /// How sensitive it is.
    pub sensitivity: Sensitivity,
    /// Now.
    pub created_at: Timestamp,
}

/// What a document is called and says from now on.
pub struct DocumentEdit<'a> {
    /// What it is called.
    pub title: &'a Title,
    /// What it says.
    pub body: &'a Body,
    /// The department it is for.
    pub department: Option<&'a str>,
    /// How sensitive it is.
    pub sensitivity: Sensitivity,
}

/// The columns of a document `d` and its owner `u`, without the text.
macro_rules! document_columns {
    () => {
        "d.id, d.organization_id, d.owner_id, u.name AS owner_name, d.title, d.department, d.sensitivity, d.state, \
         d.version, d.created_at, d.changed_at, d.published_at, d.archived_at"
    };
}
pub(super) use document_columns;

impl FromRow<'_, AnyRow> for DocumentRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let moment = |column: &str| row.try_get::<Option<i64>, _>(column).map(|at| at.map(Timestamp));
        Ok(Self {
            id: DocumentId(row.try_get("id")?),
            organization_id: OrganizationId(row.try_get("organization_id")?),
            owner_id: UserId(row.try_get("owner_id")?),
            owner_name: PersonName::from(row.try_get::<String, _>("owner_name")?),
            title: Title::from(row.try_get::<String, _>("title")?),
            department: row.try_get("department")?,
            sensitivity: Sensitivity::parse(row.try_get("sensitivity")?).unwrap_or(Sensitivity::Secret),
            state: DocumentState::parse(row.try_get("state")?).unwrap_or_default(),
            version: row.try_get("version")?,
            created_at: Timestamp(row.try_get("created_at")?),
            changed_at: Timestamp(row.try_get("changed_at")?),
            published_at: moment("published_at")?,
            archived_at: moment("archived_at")?,
        })
    }
}

impl FromRow<'_, AnyRow> for StoredDocument {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self { row: DocumentRow::from_row(row)?, body: Body::from(row.try_get::<String, _>("body")?) })
    }
}

impl Store {
    /// A document of this organization.
    pub async fn document(&self, organization: &OrganizationId, id: &DocumentId) -> Result<Option<StoredDocument>> {
        sqlx::query_as(concat!(
            "SELECT ",
            document_columns!(),
            ", d.body FROM documents d JOIN users u ON u.id = d.owner_id WHERE d.id = $2 AND d.organization_id = $1"
        ))
        .bind(organization.as_str())
        .bind(id.as_str())
        .fetch_optional(&mut *self.read.get().await?)
        .await
    }
}

impl Transaction {
    /// Stores a document; `false` when its organization has `most` of them. Two that meet at the end may both be stored.
    pub async fn insert_document(&mut self, new: NewDocumentRow<'_>, most: i64) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO documents (id, organization_id, owner_id, title, title_folded, department, sensitivity, state, \
             version, created_at, changed_at, body) SELECT $1, $2, $3, $4, $5, $6, $7, 'draft', 1, $8, $8, $9 \
             WHERE (SELECT CAST(COUNT(*) AS BIGINT) FROM documents d WHERE d.organization_id = $2) < $10",
        )
        .bind(new.id.as_str())
        .bind(new.organization_id.as_str())
        .bind(new.owner_id.as_str())
        .bind(new.title.as_str())
        .bind(new.title.folded())
        .bind(new.department)
        .bind(new.sensitivity.as_str())
        .bind(new.created_at.0)
        .bind(new.body.as_str())
        .bind(most)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Writes what a document is called and says; `false` when it has another version by now, or is gone.
    pub async fn edit_document(
        &mut self,
        id: &DocumentId,
        version: i64,
        edit: DocumentEdit<'_>,
        now: Timestamp,
    ) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE documents SET title = $3, title_folded = $4, department = $5, sensitivity = $6, body = $7, \
             version = version + 1, changed_at = $8 WHERE id = $1 AND version = $2",
        )
        .bind(id.as_str())
        .bind(version)
        .bind(edit.title.as_str())
        .bind(edit.title.folded())
        .bind(edit.department)
        .bind(edit.sensitivity.as_str())
        .bind(edit.body.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Moves a document on; `false` when it has another version by now, or is gone.
    pub async fn set_document_state(
        &mut self,
        id: &DocumentId,
        version: i64,
        state: DocumentState,
        now: Timestamp,
    ) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE documents SET state = $3, version = version + 1, changed_at = $4, \
             published_at = CASE WHEN $3 = 'published' THEN $4 ELSE published_at END, \
             archived_at = CASE WHEN $3 = 'archived' THEN $4 ELSE NULL END WHERE id = $1 AND version = $2",
        )
        .bind(id.as_str())
        .bind(version)
        .bind(state.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Gives a document to another member; `false` when it has another version by now or is gone, or they are no member.
    pub async fn set_document_owner(
        &mut self,
        id: &DocumentId,
        version: i64,
        owner: &UserId,
        now: Timestamp,
    ) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE documents SET owner_id = $3, version = version + 1, changed_at = $4 WHERE id = $1 AND version = $2 \
             AND EXISTS (SELECT m.user_id FROM memberships m WHERE m.organization_id = documents.organization_id \
             AND m.user_id = $3)",
        )
        .bind(id.as_str())
        .bind(version)
        .bind(owner.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Deletes a document; `false` when it has another version by now, or is gone.
    pub async fn delete_document(&mut self, id: &DocumentId, version: i64) -> Result<bool> {
        let done = sqlx::query("DELETE FROM documents WHERE id = $1 AND version = $2")
            .bind(id.as_str())
            .bind(version)
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Gives every document that somebody has in an organization to somebody else in it; how many there were.
    pub async fn hand_over_documents(
        &mut self,
        organization: &OrganizationId,
        from: &UserId,
        to: &UserId,
    ) -> Result<u64> {
        let done = sqlx::query(
            "UPDATE documents SET owner_id = $3, version = version + 1 WHERE organization_id = $1 AND owner_id = $2",
        )
        .bind(organization.as_str())
        .bind(from.as_str())
        .bind(to.as_str())
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected())
    }

    /// Gives the documents of a member who leaves to the owner who joined first; how many there were.
    pub async fn pass_documents_on(&mut self, organization: &OrganizationId, leaving: &UserId) -> Result<u64> {
        match self.heir_of_documents(organization, leaving).await? {
            Some(heir) => self.hand_over_documents(organization, leaving, &heir).await,
            None => Ok(0),
        }
    }

    /// Who gets the documents of a member who leaves: the owner who joined first.
    pub async fn heir_of_documents(
        &mut self,
        organization: &OrganizationId,
        leaving: &UserId,
    ) -> Result<Option<UserId>> {
        sqlx::query(
            "SELECT user_id FROM memberships WHERE organization_id = $1 AND role = 'owner' AND user_id <> $2 \
             ORDER BY joined_at, user_id LIMIT 1",
        )
        .bind(organization.as_str())
        .bind(leaving.as_str())
        .fetch_optional(&mut *self.0)
        .await?
        .map(|row| row.try_get("user_id").map(UserId))
        .transpose()
    }
}

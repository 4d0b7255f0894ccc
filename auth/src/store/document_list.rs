//! Pages of documents. Each statement walks along an index of its own, so a page costs the same among ten and ten
//! thousand; the beginning of a title is looked for on the way.

use sqlx::Any;

use super::documents::document_columns;
use super::{DocumentRow, Result, Store};
use crate::document::DocumentState;
use crate::id::{OrganizationId, UserId};
use crate::paging::{Place, rows_to_ask};
use crate::search::literal;

/// Which documents are wanted.
#[derive(Clone, Debug, Default)]
pub struct DocumentFilter {
    /// Those in this state.
    pub state: Option<DocumentState>,
    /// Those of this person.
    pub owner: Option<UserId>,
    /// Those whose title begins so, in lower case; all when empty.
    pub beginning: String,
}

/// Documents of an organization that follow a place and whose title fits a pattern.
macro_rules! documents {
    ($more:literal) => {
        concat!(
            "SELECT ",
            document_columns!(),
            " FROM documents d JOIN users u ON u.id = d.owner_id WHERE d.organization_id = $1 \
             AND (d.created_at, d.id) < ($2, $3) AND d.title_folded LIKE $4 ESCAPE '!'",
            $more,
            " ORDER BY d.created_at DESC, d.id DESC LIMIT $5"
        )
    };
}

impl Store {
    /// Documents of an organization that follow `place`, the newest first.
    pub async fn documents(
        &self,
        organization: &OrganizationId,
        filter: &DocumentFilter,
        place: &Place,
    ) -> Result<Vec<DocumentRow>> {
        let statement = match (&filter.state, &filter.owner) {
            (None, None) => documents!(""),
            (Some(_), None) => documents!(" AND d.state = $6"),
            (None, Some(_)) => documents!(" AND d.owner_id = $6"),
            (Some(_), Some(_)) => documents!(" AND d.state = $6 AND d.owner_id = $7"),
        };
        let mut query = sqlx::query_as::<Any, DocumentRow>(statement)
            .bind(organization.as_str())
            .bind(place.at.0)
            .bind(place.id.as_str())
            .bind(literal(&filter.beginning) + "%")
            .bind(rows_to_ask());
        if let Some(state) = filter.state {
            query = query.bind(state.as_str());
        }
        if let Some(owner) = &filter.owner {
            query = query.bind(owner.as_str());
        }
        query.fetch_all(&mut *self.read.get().await?).await
    }

    /// The documents of an organization that changed last.
    pub async fn documents_changed_last(&self, organization: &OrganizationId, most: i64) -> Result<Vec<DocumentRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            document_columns!(),
            " FROM documents d JOIN users u ON u.id = d.owner_id WHERE d.organization_id = $1 \
             ORDER BY d.changed_at DESC, d.id DESC LIMIT $2"
        ))
        .bind(organization.as_str())
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }
}

//! One document, for who may read it.

use super::document_access::{AtDocuments, DocumentCaller, at_documents};
use crate::id::{DocumentId, OrganizationId};
use crate::organization::OrganizationPermission;
use crate::store::{DocumentRow, StoredDocument};
use crate::view::{DocumentItem, DocumentOwner, DocumentView};
use crate::{Auth, Context, Result};

/// The document, and what the caller may do with it.
///
/// # Errors
/// Those of [`super::require_in_organization`]; [`crate::ErrorCode::NotFound`] when there is none in this organization,
/// and just so for who may not read it; [`crate::ErrorCode::ReauthenticationRequired`] with what would prove the person,
/// where a rule asks for a fresh proof; [`crate::ErrorCode::SecondFactorRequired`] where it asks for a factor that the
/// account lacks.
pub async fn show_document(
    auth: &Auth,
    who: &DocumentCaller,
    organization: &OrganizationId,
    id: &DocumentId,
    context: &Context,
) -> Result<DocumentView> {
    let at = at_documents(auth, who, organization, OrganizationPermission::ReadDocuments, context).await?;
    let document = at.readable(auth, id).await?;
    Ok(view_of(auth, &at, document))
}

/// A document as its reader sees it.
pub(super) fn view_of(auth: &Auth, at: &AtDocuments, document: StoredDocument) -> DocumentView {
    let StoredDocument { row, body } = document;
    DocumentView { may: at.acts_with(auth, &row), item: item_of(row), body }
}

/// A document as lists show it.
pub(super) fn item_of(row: DocumentRow) -> DocumentItem {
    DocumentItem {
        id: row.id,
        title: row.title,
        owner: DocumentOwner { id: row.owner_id, name: row.owner_name },
        department: row.department,
        sensitivity: row.sensitivity,
        state: row.state,
        version: row.version,
        created_at: row.created_at,
        changed_at: row.changed_at,
        published_at: row.published_at,
        archived_at: row.archived_at,
    }
}

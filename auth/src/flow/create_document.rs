//! Making a document. It begins as a draft of whoever made it.

use super::document_access::{DocumentCaller, at_documents, resource_of};
use super::show_document::view_of;
use crate::audit::AuditLine;
use crate::document::DocumentState;
use crate::form::NewDocument;
use crate::id::{DocumentId, OrganizationId};
use crate::organization::OrganizationPermission;
use crate::store::{DocumentRow, NewDocumentRow, StoredDocument};
use crate::view::DocumentView;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Most documents of an organization.
const MOST: i64 = 10_000;

/// Makes a document.
///
/// # Errors
/// Those of [`super::require_in_organization`]; [`ErrorCode::Forbidden`], [`ErrorCode::ReauthenticationRequired`] or
/// [`ErrorCode::SecondFactorRequired`] when the policies do not allow this one; [`ErrorCode::TooMany`].
pub async fn create_document(
    auth: &Auth,
    who: &DocumentCaller,
    organization: &OrganizationId,
    new: NewDocument,
    context: &Context,
) -> Result<DocumentView> {
    let at = at_documents(auth, who, organization, OrganizationPermission::CreateDocuments, context).await?;
    let now = auth.now();
    let row = DocumentRow {
        id: DocumentId(auth.random.id(now)),
        organization_id: at.organization.clone(),
        owner_id: at.user_id().clone(),
        owner_name: at.name.clone(),
        title: new.title,
        department: new.department.into_name(),
        sensitivity: new.sensitivity,
        state: DocumentState::Draft,
        version: 1,
        created_at: now,
        changed_at: now,
        published_at: None,
        archived_at: None,
    };
    at.require(auth, OrganizationPermission::CreateDocuments, &resource_of(&row)).await?;
    let document = StoredDocument { row, body: new.body };
    let stored = NewDocumentRow {
        id: &document.row.id,
        organization_id: &document.row.organization_id,
        owner_id: &document.row.owner_id,
        title: &document.row.title,
        body: &document.body,
        department: document.row.department.as_deref(),
        sensitivity: document.row.sensitivity,
        created_at: now,
    };

    let mut tx = auth.store.begin().await?;
    if !tx.insert_document(stored, MOST).await? {
        return Err(ErrorCode::TooMany.into());
    }
    let line = AuditLine::of(EventKind::DocumentCreated)
        .by(at.user_id(), at.actor.session_id())
        .within(&at.organization)
        .with(document.row.id.as_str())
        .changed("sensitivity", None, Some(document.row.sensitivity.as_str()))
        .changed("department", None, document.row.department.as_deref());
    auth.record(&mut tx, line, context).await?;
    tx.forget_unsaved_document(at.user_id(), at.organization.as_str()).await?;
    tx.commit().await?;
    Ok(view_of(auth, &at, document))
}

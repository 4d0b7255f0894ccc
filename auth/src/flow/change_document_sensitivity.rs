//! Saying how sensitive a document is.

use super::document_access::{DocumentCaller, at_documents, resource_of};
use super::show_document::view_of;
use crate::audit::AuditLine;
use crate::document::{DocumentAct, Sensitivity};
use crate::id::{DocumentId, OrganizationId};
use crate::organization::OrganizationPermission;
use crate::store::{DocumentEdit, DocumentRow, StoredDocument};
use crate::view::DocumentView;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Changes it. The policies are asked about the document as it is and as it would be: nobody makes one so secret that
/// they could not have done it then.
///
/// # Errors
/// Those of [`super::show_document`]; [`ErrorCode::Forbidden`]; [`ErrorCode::ChangedMeanwhile`].
pub async fn change_document_sensitivity(
    auth: &Auth,
    who: &DocumentCaller,
    organization: &OrganizationId,
    id: &DocumentId,
    sensitivity: Sensitivity,
    context: &Context,
) -> Result<DocumentView> {
    let at = at_documents(auth, who, organization, OrganizationPermission::ReadDocuments, context).await?;
    let StoredDocument { row, body } = at.document_for(auth, id, DocumentAct::ChangeSensitivity).await?;
    let old = row.sensitivity;
    let row = DocumentRow { sensitivity, ..row };
    at.require(auth, DocumentAct::ChangeSensitivity.permission(), &resource_of(&row)).await?;
    if old == sensitivity {
        return Ok(view_of(auth, &at, StoredDocument { row, body }));
    }

    let edit = DocumentEdit { title: &row.title, body: &body, department: row.department.as_deref(), sensitivity };
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if !tx.edit_document(&row.id, row.version, edit, now).await? {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    let line = AuditLine::of(EventKind::DocumentSensitivityChanged)
        .by(at.user_id(), at.actor.session_id())
        .within(&at.organization)
        .with(row.id.as_str())
        .changed("sensitivity", Some(old.as_str()), Some(sensitivity.as_str()));
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    let row = DocumentRow { version: row.version + 1, changed_at: now, ..row };
    Ok(view_of(auth, &at, StoredDocument { row, body }))
}

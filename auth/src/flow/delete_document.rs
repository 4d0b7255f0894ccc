//! Deleting a document, for good.

use super::document_access::{DocumentCaller, at_documents};
use crate::audit::AuditLine;
use crate::document::DocumentAct;
use crate::id::{DocumentId, OrganizationId};
use crate::organization::OrganizationPermission;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Deletes a document.
///
/// # Errors
/// Those of [`super::show_document`]; [`ErrorCode::Forbidden`]; [`ErrorCode::ChangedMeanwhile`] when it changed in this
/// moment: what was decided about is no more.
pub async fn delete_document(
    auth: &Auth,
    who: &DocumentCaller,
    organization: &OrganizationId,
    id: &DocumentId,
    context: &Context,
) -> Result<()> {
    let at = at_documents(auth, who, organization, OrganizationPermission::ReadDocuments, context).await?;
    let row = at.document_for(auth, id, DocumentAct::Delete).await?.row;
    let mut tx = auth.store.begin().await?;
    if !tx.delete_document(&row.id, row.version).await? {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    let line = AuditLine::of(EventKind::DocumentDeleted)
        .by(at.user_id(), at.actor.session_id())
        .within(&at.organization)
        .with(row.id.as_str())
        .changed("state", Some(row.state.as_str()), None)
        .changed("sensitivity", Some(row.sensitivity.as_str()), None);
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(())
}

//! Publishing, archiving and bringing back a document.

use super::document_access::{DocumentCaller, at_documents};
use super::show_document::view_of;
use crate::audit::AuditLine;
use crate::document::{DocumentAct, DocumentState};
use crate::id::{DocumentId, OrganizationId};
use crate::organization::OrganizationPermission;
use crate::store::{DocumentRow, StoredDocument};
use crate::view::DocumentView;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Moves a document on. Asking for the state it is in changes nothing.
///
/// # Errors
/// Those of [`super::show_document`]; [`ErrorCode::Forbidden`]; [`ErrorCode::WrongState`] when another state follows the
/// one it is in; [`ErrorCode::ChangedMeanwhile`].
pub async fn change_document_state(
    auth: &Auth,
    who: &DocumentCaller,
    organization: &OrganizationId,
    id: &DocumentId,
    state: DocumentState,
    context: &Context,
) -> Result<DocumentView> {
    let at = at_documents(auth, who, organization, OrganizationPermission::ReadDocuments, context).await?;
    let StoredDocument { row, body } = at.document_for(auth, id, DocumentAct::ChangeState).await?;
    if row.state == state {
        return Ok(view_of(auth, &at, StoredDocument { row, body }));
    }
    if row.state.next() != state {
        return Err(ErrorCode::WrongState.into());
    }

    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if !tx.set_document_state(&row.id, row.version, state, now).await? {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    let (kind, published_at, archived_at) = match state {
        DocumentState::Published => (EventKind::DocumentPublished, Some(now), None),
        DocumentState::Archived => (EventKind::DocumentArchived, row.published_at, Some(now)),
        DocumentState::Draft => (EventKind::DocumentRestored, row.published_at, None),
    };
    let line = AuditLine::of(kind)
        .by(at.user_id(), at.actor.session_id())
        .within(&at.organization)
        .with(row.id.as_str())
        .changed("state", Some(row.state.as_str()), Some(state.as_str()));
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    let row = DocumentRow { state, version: row.version + 1, changed_at: now, published_at, archived_at, ..row };
    Ok(view_of(auth, &at, StoredDocument { row, body }))
}

//! Giving a document to another member.

use super::document_access::{DocumentCaller, at_documents};
use crate::audit::AuditLine;
use crate::document::DocumentAct;
use crate::id::{DocumentId, OrganizationId, UserId};
use crate::organization::OrganizationPermission;
use crate::{Auth, Context, ErrorCode, EventKind, Field, FieldIssue, Refusal, Result};

/// Makes another member the owner of a document. Whoever had it may not be able to read it any more, so nothing of it
/// comes back.
///
/// # Errors
/// Those of [`super::show_document`]; [`ErrorCode::Forbidden`]; [`FieldIssue::Unknown`] of [`Field::Owner`] for who is no
/// member; [`ErrorCode::ChangedMeanwhile`].
pub async fn hand_over_document(
    auth: &Auth,
    who: &DocumentCaller,
    organization: &OrganizationId,
    id: &DocumentId,
    to: &UserId,
    context: &Context,
) -> Result<()> {
    let at = at_documents(auth, who, organization, OrganizationPermission::ReadDocuments, context).await?;
    let row = at.document_for(auth, id, DocumentAct::HandOver).await?.row;
    if auth.store.membership(&at.organization, to).await?.is_none() {
        return Err(Refusal::invalid(vec![(Field::Owner, FieldIssue::Unknown)]).into());
    }
    if row.owner_id == *to {
        return Ok(());
    }
    let mut tx = auth.store.begin().await?;
    if !tx.set_document_owner(&row.id, row.version, to, auth.now()).await? {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    // Whose it was and is stands in no field of the line: an account that is deleted leaves no trace.
    let line = AuditLine::of(EventKind::DocumentHandedOver)
        .about(to)
        .by(at.user_id(), at.actor.session_id())
        .within(&at.organization)
        .with(row.id.as_str());
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(())
}

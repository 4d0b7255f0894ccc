//! Changing what a document says, what it is called and which department it is for.

use super::document_access::{DocumentCaller, at_documents, resource_of};
use super::show_document::view_of;
use crate::audit::AuditLine;
use crate::document::{Body, DocumentAct, Title};
use crate::form::DocumentChange;
use crate::id::{DocumentId, OrganizationId};
use crate::organization::OrganizationPermission;
use crate::store::{DocumentEdit, DocumentRow, StoredDocument};
use crate::view::DocumentView;
use crate::{Auth, Context, ErrorCode, EventKind, Result};

/// Changes a document. What stays the same is no change and leaves no line. The policies are asked about the document as
/// it is and as it would be: nobody moves one where they could not have changed it.
///
/// # Errors
/// Those of [`super::show_document`]; [`ErrorCode::Forbidden`]; [`ErrorCode::ChangedMeanwhile`] when another version was
/// read than the one that is there.
pub async fn change_document(
    auth: &Auth,
    who: &DocumentCaller,
    organization: &OrganizationId,
    id: &DocumentId,
    change: DocumentChange,
    context: &Context,
) -> Result<DocumentView> {
    let at = at_documents(auth, who, organization, OrganizationPermission::ReadDocuments, context).await?;
    let old = at.document_for(auth, id, DocumentAct::Change).await?;
    let new = with(&old, change)?;
    at.require(auth, DocumentAct::Change.permission(), &resource_of(&new.row)).await?;
    if is_same(&old, &new) {
        return Ok(view_of(auth, &at, old));
    }

    let edit = DocumentEdit {
        title: &new.row.title,
        body: &new.body,
        department: new.row.department.as_deref(),
        sensitivity: new.row.sensitivity,
    };
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    // That version was decided about, and no other is changed.
    if !tx.edit_document(&old.row.id, old.row.version, edit, now).await? {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    let line = AuditLine::of(EventKind::DocumentChanged)
        .by(at.user_id(), at.actor.session_id())
        .within(&at.organization)
        .with(old.row.id.as_str())
        .changed(
            "title",
            Some(&said_of_title(&old.row.title, None)),
            Some(&said_of_title(&new.row.title, Some(&old.row.title))),
        )
        .changed("department", old.row.department.as_deref(), new.row.department.as_deref())
        .changed("body", Some(&said_of_body(&old.body, None)), Some(&said_of_body(&new.body, Some(&old.body))));
    auth.record(&mut tx, line, context).await?;
    tx.forget_unsaved_document(at.user_id(), old.row.id.as_str()).await?;
    tx.commit().await?;
    let row = DocumentRow { version: old.row.version + 1, changed_at: now, ..new.row };
    Ok(view_of(auth, &at, StoredDocument { row, body: new.body }))
}

/// The document as it would be.
fn with(old: &StoredDocument, change: DocumentChange) -> Result<StoredDocument> {
    if change.version != old.row.version {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    let mut row = old.row.clone();
    if let Some(title) = change.title {
        row.title = title;
    }
    if let Some(department) = change.department {
        row.department = department.into_name();
    }
    Ok(StoredDocument { row, body: change.body.unwrap_or_else(|| old.body.clone()) })
}

fn is_same(old: &StoredDocument, new: &StoredDocument) -> bool {
    (&old.row.title, &old.row.department, &old.body) == (&new.row.title, &new.row.department, &new.body)
}

/// What the audit log says of a title. Not its words: others read the log, and webhooks carry it away.
fn said_of_title(title: &Title, before: Option<&Title>) -> String {
    let mark = if before.is_some_and(|before| before != title) { ", other words" } else { "" };
    format!("{} characters{mark}", title.as_str().chars().count())
}

/// What it says of a body.
fn said_of_body(body: &Body, before: Option<&Body>) -> String {
    let mark = if before.is_some_and(|before| before != body) { ", other text" } else { "" };
    format!("{} bytes{mark}", body.as_str().len())
}

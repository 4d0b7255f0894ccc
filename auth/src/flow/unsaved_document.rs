//! What somebody typed into a form about a document that was refused. It is kept for the page that says so: nothing that
//! was typed is lost, with or without a script.

use crate::id::{DocumentId, OrganizationId};
use crate::session::Caller;
use crate::store::UnsavedDocument;
use crate::{Auth, Result};

/// Where it was typed.
pub enum TypedAt<'a> {
    /// In the form of a new document of this organization.
    New(&'a OrganizationId),
    /// In the form of this document.
    Document(&'a DocumentId),
}

impl TypedAt<'_> {
    fn place(&self) -> &str {
        match self {
            Self::New(organization) => organization.as_str(),
            Self::Document(id) => id.as_str(),
        }
    }
}

/// Keeps what the caller typed, for a day, or until they type something else that is refused.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn keep_unsaved_document(
    auth: &Auth,
    caller: &Caller,
    at: TypedAt<'_>,
    typed: &UnsavedDocument,
) -> Result<()> {
    auth.session_of(caller).await?;
    // A database need not take every text: PostgreSQL refuses a zero byte.
    let plain = |text: &str| text.replace('\0', "");
    let typed = UnsavedDocument {
        title: plain(&typed.title),
        body: plain(&typed.body),
        department: plain(&typed.department),
        sensitivity: plain(&typed.sensitivity),
    };
    let mut tx = auth.store.begin().await?;
    tx.keep_unsaved_document(&caller.user_id, &plain(at.place()), &typed, auth.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// What the caller last typed there, unless it was saved since.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn unsaved_document(auth: &Auth, caller: &Caller, at: TypedAt<'_>) -> Result<Option<UnsavedDocument>> {
    auth.session_of(caller).await?;
    Ok(auth.store.unsaved_document(&caller.user_id, at.place()).await?)
}

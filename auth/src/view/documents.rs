//! What members see of the documents of their organization.

use serde::{Deserialize, Serialize};

use crate::document::{Body, DocumentAct, DocumentState, Sensitivity, Title};
use crate::id::{DocumentId, UserId};
use crate::{Cursor, PersonName, Timestamp};

/// A document in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentItem {
    /// The document.
    pub id: DocumentId,
    /// What it is called.
    pub title: Title,
    /// Whose it is.
    pub owner: DocumentOwner,
    /// The department it is for; none: for all.
    pub department: Option<String>,
    /// How sensitive it is.
    pub sensitivity: Sensitivity,
    /// Where it stands.
    pub state: DocumentState,
    /// Counted up with each change: whoever changes it says which one they read.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When anything of it last changed.
    pub changed_at: Timestamp,
    /// When it was last published, if ever.
    pub published_at: Option<Timestamp>,
    /// When it was archived, while it is.
    pub archived_at: Option<Timestamp>,
}

/// Whose a document is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentOwner {
    /// The account.
    pub id: UserId,
    /// What the person wants to be called.
    pub name: PersonName,
}

/// A page of documents. It may hold fewer than a full page and still go on: what the reader may not see is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentPage {
    /// The documents, newest first.
    pub items: Vec<DocumentItem>,
    /// Asks for the next page; none on the last.
    pub next: Option<Cursor>,
    /// Whether there are others on the way that a fresh proof of the reader would show.
    pub needs_proof: bool,
    /// Whether the reader may make one.
    pub may_create: bool,
}

/// A document, as one who may read it sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentView {
    /// What lists show of it, too.
    #[serde(flatten)]
    pub item: DocumentItem,
    /// What it says.
    pub body: Body,
    /// What the reader may do with it, as the policies say now, after a fresh proof where they ask for one.
    pub may: Vec<DocumentAct>,
}

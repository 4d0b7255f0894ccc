//! Documents as the OpenAPI document describes them.

use utoipa::ToSchema;

/// A document. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = Document)]
#[expect(dead_code, reason = "the shape of `auth::view::DocumentView` for the document")]
pub struct DocumentShape {
    /// The document.
    id: String,
    /// What it is called.
    #[schema(example = "Budget 2028")]
    title: String,
    /// Whose it is.
    owner: DocumentOwnerShape,
    /// The department it is for; null: for all.
    #[schema(example = "Finance")]
    department: Option<String>,
    /// `public`, `internal`, `confidential` or `secret`.
    #[schema(example = "internal")]
    sensitivity: String,
    /// `draft`, `published` or `archived`.
    #[schema(example = "draft")]
    state: String,
    /// Counted up with each change; send it back with yours.
    version: i64,
    /// When it was made.
    created_at: i64,
    /// When anything of it last changed.
    changed_at: i64,
    /// When it was last published; null: never.
    published_at: Option<i64>,
    /// When it was archived; null while it is not.
    archived_at: Option<i64>,
    /// What it says.
    body: String,
    /// What you may do with it, some of it after a fresh proof: `change`, `change_sensitivity`, `change_state`,
    /// `hand_over`, `delete`.
    #[schema(example = json!(["change", "change_sensitivity", "hand_over"]))]
    may: Vec<String>,
}

/// Whose a document is.
#[derive(ToSchema)]
#[schema(as = DocumentOwner)]
#[expect(dead_code, reason = "the shape of `auth::view::DocumentOwner` for the document")]
pub struct DocumentOwnerShape {
    /// The account.
    id: String,
    /// What the person wants to be called.
    #[schema(example = "Alice")]
    name: String,
}

/// A document in a list. Moments are milliseconds since 1970.
#[derive(ToSchema)]
#[schema(as = DocumentItem)]
#[expect(dead_code, reason = "the shape of `auth::view::DocumentItem` for the document")]
struct DocumentItemShape {
    /// The document.
    id: String,
    /// What it is called.
    title: String,
    /// Whose it is.
    owner: DocumentOwnerShape,
    /// The department it is for; null: for all.
    department: Option<String>,
    /// `public`, `internal`, `confidential` or `secret`.
    sensitivity: String,
    /// `draft`, `published` or `archived`.
    state: String,
    /// Counted up with each change.
    version: i64,
    /// When it was made.
    created_at: i64,
    /// When anything of it last changed.
    changed_at: i64,
    /// When it was last published; null: never.
    published_at: Option<i64>,
    /// When it was archived; null while it is not.
    archived_at: Option<i64>,
}

/// One page of documents, the newest first.
#[derive(ToSchema)]
#[schema(as = DocumentPage)]
#[expect(dead_code, reason = "the shape of `auth::view::DocumentPage` for the document")]
pub struct DocumentPageShape {
    /// At most 50 documents; fewer, or none, when there are others on the way that you may not read.
    items: Vec<DocumentItemShape>,
    /// Send it back as `after` for the next page; null on the last.
    next: Option<String>,
    /// Whether there are others on the way that you could read after a fresh proof.
    needs_proof: bool,
    /// Whether you may make one.
    may_create: bool,
}

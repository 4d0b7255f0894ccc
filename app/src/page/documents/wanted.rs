//! What somebody wants to do with a document, with what they typed for it. Where a rule asks for a fresh proof, it waits
//! until they proved themselves, and then goes on by itself.

use auth::document::DocumentState;
use auth::flow::{self, DocumentCaller};
use auth::form::{DocumentChangeForm, DocumentOwnerForm, DocumentStateForm, NewDocumentForm, SensitivityForm};
use auth::id::DocumentId;
use auth::organization::Slug;
use serde::{Deserialize, Serialize};

use super::{list_path, organization_of, path_of};
use crate::error::AppError;
use crate::server;
use crate::text::t;

/// An act on a document of an organization.
#[derive(Serialize, Deserialize)]
pub(in crate::page) struct WantedDocument {
    /// The organization, as the address names it.
    pub slug: String,
    /// What.
    pub ask: Ask,
}

/// What is to be done, as it was typed.
#[derive(Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub(in crate::page) enum Ask {
    /// Make one.
    Create {
        /// What it is to be called.
        title: String,
        /// What it is to say.
        body: String,
        /// The department it is for.
        department: String,
        /// How sensitive it is.
        sensitivity: String,
    },
    /// Change what it says.
    Change {
        /// Which.
        id: String,
        /// What it is to be called.
        title: String,
        /// What it is to say.
        body: String,
        /// The department it is for.
        department: String,
        /// The version that was read.
        version: String,
    },
    /// Publish, archive or bring it back.
    ChangeState {
        /// Which.
        id: String,
        /// Where it is to stand.
        state: String,
    },
    /// Say how sensitive it is.
    ChangeSensitivity {
        /// Which.
        id: String,
        /// How sensitive it is to be.
        sensitivity: String,
    },
    /// Give it to another member.
    HandOver {
        /// Which.
        id: String,
        /// Whose it is to be.
        owner: String,
    },
    /// Delete it.
    Delete {
        /// Which.
        id: String,
    },
}

impl WantedDocument {
    /// What the act is called beside the question for the proof.
    pub(in crate::page) fn label(&self) -> String {
        match self.ask {
            Ask::Create { .. } => t("page.documents.act_create"),
            Ask::Change { .. } => t("page.documents.act_change"),
            Ask::ChangeState { .. } => t("page.documents.act_change_state"),
            Ask::ChangeSensitivity { .. } => t("page.documents.act_change_sensitivity"),
            Ask::HandOver { .. } => t("page.documents.act_hand_over"),
            Ask::Delete { .. } => t("page.documents.act_delete"),
        }
    }

    /// The page the act is asked for on. What is no address of ours leads to the first page.
    pub(in crate::page) fn page(&self) -> String {
        let Ok(slug) = Slug::parse(&self.slug) else { return "/dashboard".to_owned() };
        let id = match &self.ask {
            Ask::Create { .. } => return list_path(&slug),
            Ask::Change { id, .. }
            | Ask::ChangeState { id, .. }
            | Ask::ChangeSensitivity { id, .. }
            | Ask::HandOver { id, .. }
            | Ask::Delete { id } => id,
        };
        DocumentId::parse(id).map_or_else(|| list_path(&slug), |id| path_of(&slug, &id))
    }

    /// Does it and leads to the page that says so.
    pub(in crate::page) async fn perform(&self) -> Result<(), AppError> {
        let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
        let by = DocumentCaller::on_page(&caller);
        match &self.ask {
            Ask::Create { title, body, department, sensitivity } => {
                let new = new_document(title, body, department, sensitivity).parse()?;
                let organization = organization_of(&auth, &self.slug).await?;
                let made = flow::create_document(&auth, &by, &organization.id, new, &context).await?;
                server::see_other(&format!("{}?note=created", path_of(&organization.slug, &made.item.id)));
            }
            Ask::Change { id, title, body, department, version } => {
                let change = document_change(title, body, department, version).parse()?;
                let organization = organization_of(&auth, &self.slug).await?;
                let id = DocumentId(id.clone());
                let done = flow::change_document(&auth, &by, &organization.id, &id, change, &context).await?;
                server::see_other(&format!("{}?note=saved", path_of(&organization.slug, &done.item.id)));
            }
            Ask::ChangeState { id, state } => {
                let state = DocumentStateForm { state: state.clone() }.parse()?;
                let organization = organization_of(&auth, &self.slug).await?;
                let id = DocumentId(id.clone());
                let done = flow::change_document_state(&auth, &by, &organization.id, &id, state, &context).await?;
                let note = match state {
                    DocumentState::Draft => "restored",
                    DocumentState::Published => "published",
                    DocumentState::Archived => "archived",
                };
                server::see_other(&format!("{}?note={note}", path_of(&organization.slug, &done.item.id)));
            }
            Ask::ChangeSensitivity { id, sensitivity } => {
                let wanted = SensitivityForm { sensitivity: sensitivity.clone() }.parse()?;
                let organization = organization_of(&auth, &self.slug).await?;
                let id = DocumentId(id.clone());
                let done =
                    flow::change_document_sensitivity(&auth, &by, &organization.id, &id, wanted, &context).await?;
                server::see_other(&format!("{}?note=sensitivity", path_of(&organization.slug, &done.item.id)));
            }
            Ask::HandOver { id, owner } => {
                let owner = DocumentOwnerForm { owner: owner.clone() }.parse()?;
                let organization = organization_of(&auth, &self.slug).await?;
                let id = DocumentId(id.clone());
                flow::hand_over_document(&auth, &by, &organization.id, &id, &owner, &context).await?;
                // Whoever had it may not be able to read it any more.
                server::see_other(&format!("{}?note=handed_over", list_path(&organization.slug)));
            }
            Ask::Delete { id } => {
                let organization = organization_of(&auth, &self.slug).await?;
                let id = DocumentId(id.clone());
                flow::delete_document(&auth, &by, &organization.id, &id, &context).await?;
                server::see_other(&format!("{}?note=deleted", list_path(&organization.slug)));
            }
        }
        Ok(())
    }
}

/// The form of a new document, as it was typed.
pub(super) fn new_document(title: &str, body: &str, department: &str, sensitivity: &str) -> NewDocumentForm {
    NewDocumentForm {
        title: title.to_owned(),
        body: body.to_owned(),
        department: department.to_owned(),
        sensitivity: sensitivity.to_owned(),
    }
}

/// The form of a change, as it was typed: a page always sends all of it.
pub(super) fn document_change(title: &str, body: &str, department: &str, version: &str) -> DocumentChangeForm {
    DocumentChangeForm {
        title: Some(title.to_owned()),
        body: Some(body.to_owned()),
        department: Some(department.to_owned()),
        version: version.parse().ok(),
    }
}

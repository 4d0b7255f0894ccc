//! What is done with a document beside writing it: moving it on, saying how sensitive it is, handing it over.

use auth::document::{DocumentAct, DocumentState, Sensitivity};
use auth::organization::Slug;
use auth::view::{DocumentItem, DocumentOwner, DocumentView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::badges::{sensitivity_text, state_text};
use super::wanted::{Ask, WantedDocument};
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::account::WantedAct;
use crate::server;
use crate::text::t;

/// Publishes, archives or brings back a document.
///
/// # Errors
/// It is not there for the caller; they may not; it is in another state; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "change_document_state")]
pub async fn change_document_state(
    #[server(default)] slug: String,
    #[server(default)] id: String,
    #[server(default)] state: String,
) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::Document(WantedDocument { slug, ask: Ask::ChangeState { id, state } }).perform_or_ask().await
}

/// Says how sensitive a document is.
///
/// # Errors
/// It is not there for the caller; they may not; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "change_document_sensitivity")]
pub async fn change_document_sensitivity(
    #[server(default)] slug: String,
    #[server(default)] id: String,
    #[server(default)] sensitivity: String,
) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::Document(WantedDocument { slug, ask: Ask::ChangeSensitivity { id, sensitivity } }).perform_or_ask().await
}

/// Gives a document to another member.
///
/// # Errors
/// It is not there for the caller; they may not; the other one is no member; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "hand_over_document")]
pub async fn hand_over_document(
    #[server(default)] slug: String,
    #[server(default)] id: String,
    #[server(default)] owner: String,
) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::Document(WantedDocument { slug, ask: Ask::HandOver { id, owner } }).perform_or_ask().await
}

/// Why the last act of this page was refused, if it was.
pub(super) fn refused_act() -> Option<AppError> {
    refusal_of(ChangeDocumentState::PATH)
        .or_else(|| refusal_of(ChangeDocumentSensitivity::PATH))
        .or_else(|| refusal_of(HandOverDocument::PATH))
}

/// The acts that the reader may do, each a form of its own.
#[component]
pub(super) fn Acts(slug: Slug, document: DocumentView, heirs: Vec<DocumentOwner>) -> impl IntoView {
    let DocumentView { item, may, .. } = document;
    let is_offered = |act: DocumentAct| may.contains(&act);
    let heirs: Vec<_> = heirs.into_iter().filter(|heir| heir.id != item.owner.id).collect();
    let state = is_offered(DocumentAct::ChangeState).then(|| view! { <MoveOn slug=slug.clone() item=item.clone()/> });
    let sensitivity = is_offered(DocumentAct::ChangeSensitivity)
        .then(|| view! { <HowSensitive slug=slug.clone() item=item.clone()/> });
    let owner = (is_offered(DocumentAct::HandOver) && !heirs.is_empty())
        .then(|| view! { <Heirs slug=slug.clone() item=item.clone() heirs/> });
    if state.is_none() && sensitivity.is_none() && owner.is_none() {
        return ().into_any();
    }
    view! {
        <section class="card">
            <h2>{t("page.document.acts")}</h2>
            <div class="document-acts">{state}{sensitivity}{owner}</div>
        </section>
    }
    .into_any()
}

/// The document that a form is about.
#[component]
pub(super) fn About(slug: Slug, item: DocumentItem) -> impl IntoView {
    view! {
        <input type="hidden" name="slug" value=slug.to_string()/>
        <input type="hidden" name="id" value=item.id.0/>
    }
}

#[component]
fn MoveOn(slug: Slug, item: DocumentItem) -> impl IntoView {
    let next = item.state.next();
    let (label, text) = match next {
        DocumentState::Published => ("page.document.publish", "page.document.publish_text"),
        DocumentState::Archived => ("page.document.archive", "page.document.archive_text"),
        DocumentState::Draft => ("page.document.restore", "page.document.restore_text"),
    };
    view! {
        <PostForm action=ChangeDocumentState::PATH class="act">
            <About slug item/>
            <input type="hidden" name="state" value=next.as_str()/>
            <p><strong>{state_text(next)}</strong><span class="muted">{t(text)}</span></p>
            <button type="submit" class="button button-secondary">{t(label)}</button>
        </PostForm>
    }
}

#[component]
fn HowSensitive(slug: Slug, item: DocumentItem) -> impl IntoView {
    let present = item.sensitivity;
    let options = Sensitivity::ALL.map(|sensitivity| {
        let is_chosen = sensitivity == present;
        view! { <option value=sensitivity.as_str() selected=is_chosen>{sensitivity_text(sensitivity)}</option> }
    });
    view! {
        <PostForm action=ChangeDocumentSensitivity::PATH class="act">
            <About slug item/>
            <p><label for="sensitivity">{t("ui.sensitivity")}</label><span class="muted">{t("page.document.sensitivity_text")}</span></p>
            <select class="input" id="sensitivity" name="sensitivity" autocomplete="off">{options.collect_view()}</select>
            <button type="submit" class="button button-secondary">{t("page.document.sensitivity_action")}</button>
        </PostForm>
    }
}

#[component]
fn Heirs(slug: Slug, item: DocumentItem, heirs: Vec<DocumentOwner>) -> impl IntoView {
    let options = heirs.into_iter().map(|DocumentOwner { id, name }| {
        let id = id.0;
        view! { <option value=id>{name.to_string()}</option> }
    });
    view! {
        <PostForm action=HandOverDocument::PATH class="act">
            <About slug item/>
            <p><label for="owner">{t("ui.owner")}</label><span class="muted">{t("page.document.owner_text")}</span></p>
            <select class="input" id="owner" name="owner" autocomplete="off">{options.collect_view()}</select>
            <button type="submit" class="button button-secondary">{t("page.document.owner_action")}</button>
        </PostForm>
    }
}

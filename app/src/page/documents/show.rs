//! One document: what it says, whose it is, and what its reader may do with it.

use auth::ErrorCode;
use auth::document::DocumentAct;
use auth::flow::{self, DocumentCaller};
use auth::id::DocumentId;
use auth::view::{DocumentItem, DocumentOwner, DocumentView, Me, OrganizationView};
use leptos::prelude::*;

use super::acts::{Acts, refused_act};
use super::badges::{SensitivityBadge, StateBadge, department_text};
use super::{id, list_path, organization_of, path_of, refused, slug};
use crate::error::AppError;
use crate::page::account::query;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Moment, Notice, OrganizationArea, OrganizationShell, Tone, facts, provide_zone};

/// Who reads, where, what, and to whom it could be handed over.
type Loaded = (Me, OrganizationView, DocumentView, Vec<DocumentOwner>);

async fn load((slug, id): (String, DocumentId)) -> Result<Loaded, AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let organization = organization_of(&auth, &slug).await?;
    let by = DocumentCaller::on_page(&caller);
    let document = flow::show_document(&auth, &by, &organization.id, &id, &context).await?;
    let heirs = if document.may.contains(&DocumentAct::HandOver) {
        match flow::document_heirs(&auth, &caller, &organization.id, &context).await.map_err(AppError::from) {
            // Whoever may not see the members hands nothing over on a page.
            Err(error) if error.code() == ErrorCode::Forbidden => Vec::new(),
            heirs => heirs?,
        }
    } else {
        Vec::new()
    };
    Ok((auth.me(&caller).await?, organization, document, heirs))
}

/// The page `/orgs/{slug}/documents/{id}`.
#[component]
pub fn DocumentPage() -> impl IntoView {
    let asked = (slug(), id());
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, organization, document, heirs)) => {
                        view! { <Document me organization document heirs/> }.into_any()
                    }
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Document(
    me: Me,
    organization: OrganizationView,
    document: DocumentView,
    heirs: Vec<DocumentOwner>,
) -> impl IntoView {
    provide_zone(&me);
    let refusal = refused_act();
    let is_refused = refusal.is_some();
    let note = match refusal {
        Some(refusal) => Some((Tone::Danger, refusal_text(&refusal))),
        None => note_text(&query("note")).map(|text| (Tone::Ok, text)),
    };
    let slug = organization.slug.clone();
    let path = path_of(&slug, &document.item.id);
    let edit = document.may.contains(&DocumentAct::Change).then(|| {
        let edit = format!("{path}/edit");
        view! { <a class="button button-primary" href=edit>{t("page.document.edit")}</a> }
    });
    let delete = document.may.contains(&DocumentAct::Delete).then(|| view! { <Delete path=format!("{path}/delete")/> });
    let title = document.item.title.to_string();
    let body = document.body.as_str().to_owned();
    let body = if body.trim().is_empty() {
        view! { <p class="muted">{t("page.document.no_text")}</p> }.into_any()
    } else {
        view! { <div class="document-body">{body}</div> }.into_any()
    };
    let item = document.item.clone();
    view! {
        <OrganizationShell
            current=OrganizationArea::Documents title purpose=t("page.document.purpose") me organization
            refused=is_refused
        >
            {note.map(|(tone, text)| view! { <Notice tone text/> })}
            <p><a href=list_path(&slug)>{t("page.document.all")}</a></p>
            <article class="card document">
                <div class="card-head">
                    <p class="document-badges">
                        <StateBadge state=item.state/><SensitivityBadge sensitivity=item.sensitivity/>
                    </p>
                    {edit}
                </div>
                {body}
            </article>
            <About item/>
            <Acts slug=slug.clone() document heirs/>
            {delete}
        </OrganizationShell>
    }
}

/// Whose it is, for whom, and since when.
#[component]
fn About(item: DocumentItem) -> impl IntoView {
    let published = match item.published_at {
        Some(at) => view! { <Moment at with_time=true/> }.into_any(),
        None => t("page.document.never").into_any(),
    };
    let rows = [
        (t("ui.owner").into_any(), item.owner.name.to_string().into_any()),
        (t("ui.department").into_any(), department_text(item.department).into_any()),
        (t("page.document.created").into_any(), view! { <Moment at=item.created_at with_time=true/> }.into_any()),
        (t("page.documents.changed").into_any(), view! { <Moment at=item.changed_at with_time=true/> }.into_any()),
        (t("page.document.published").into_any(), published),
    ];
    view! { <section class="card"><h2>{t("page.document.about")}</h2>{facts(rows)}</section> }
}

/// The way to the page that deletes it.
#[component]
fn Delete(path: String) -> impl IntoView {
    view! {
        <section class="card danger-zone">
            <h2>{t("page.document.delete_title")}</h2>
            <p class="muted">{t("page.document.delete_purpose")}</p>
            <div class="actions"><a class="button button-danger" href=path>{t("page.document.delete")}</a></div>
        </section>
    }
}

fn refusal_text(refusal: &AppError) -> String {
    match refusal.code() {
        ErrorCode::ChangedMeanwhile => t("page.document.act_changed_meanwhile"),
        code => t(&format!("error.{}", code.as_str())),
    }
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "created" => Some(t("page.document.note_created")),
        "saved" => Some(t("page.document.note_saved")),
        "published" => Some(t("page.document.note_published")),
        "archived" => Some(t("page.document.note_archived")),
        "restored" => Some(t("page.document.note_restored")),
        "sensitivity" => Some(t("page.document.note_sensitivity")),
        _ => None,
    }
}

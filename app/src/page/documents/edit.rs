//! Changing what a document says. Whoever was not the first to save is told, keeps what they wrote, and sees what the
//! other one wrote.

use auth::ErrorCode;
use auth::document::DocumentAct;
use auth::flow::{self, DocumentCaller};
use auth::id::DocumentId;
use auth::view::{DocumentView, Me, OrganizationView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::fields::{Fields, Typed, keep, typed_for};
use super::wanted::{Ask, WantedDocument, document_change};
use super::{id, organization_of, path_of, refused, slug};
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::account::WantedAct;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Notice, OrganizationArea, OrganizationShell, Submit, Tone, provide_zone};

/// Changes a document.
///
/// # Errors
/// Fields that cannot be accepted; it is not there for the caller; they may not; somebody changed it meanwhile; nobody is
/// signed in.
#[server(prefix = "/rpc", endpoint = "change_document")]
pub async fn change_document(
    #[server(default)] slug: String,
    #[server(default)] id: String,
    #[server(default)] title: String,
    #[server(default)] body: String,
    #[server(default)] department: String,
    #[server(default)] version: String,
) -> Result<(), AppError> {
    server::caller()?;
    let typed =
        Typed { title: title.clone(), body: body.clone(), department: department.clone(), sensitivity: String::new() };
    // What cannot be a document is said before anybody is asked for a proof.
    let outcome = match document_change(&title, &body, &department, &version).parse() {
        Ok(_) => {
            let ask = Ask::Change { id: id.clone(), title, body, department, version };
            WantedAct::Document(WantedDocument { slug: slug.clone(), ask }).perform_or_ask().await
        }
        Err(refusal) => Err(refusal.into()),
    };
    if outcome.is_err() {
        keep(&slug, Some(&id), typed).await;
    }
    outcome
}

/// Who writes, where, what, and what they typed last.
type Loaded = (Me, OrganizationView, DocumentView, Option<Typed>);

async fn load((slug, id): (String, DocumentId)) -> Result<Loaded, AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let organization = organization_of(&auth, &slug).await?;
    let by = DocumentCaller::on_page(&caller);
    let document = flow::show_document(&auth, &by, &organization.id, &id, &context).await?;
    if !document.may.contains(&DocumentAct::Change) {
        return Err(ErrorCode::Forbidden.into());
    }
    let typed = typed_for(&auth, &caller, &document.item.id).await?;
    Ok((auth.me(&caller).await?, organization, document, typed))
}

/// The page `/orgs/{slug}/documents/{id}/edit`.
#[component]
pub fn EditDocumentPage() -> impl IntoView {
    let asked = (slug(), id());
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, organization, document, typed)) => {
                        view! { <Edit me organization document typed/> }.into_any()
                    }
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Edit(me: Me, organization: OrganizationView, document: DocumentView, typed: Option<Typed>) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(ChangeDocument::PATH);
    let is_refused = refusal.is_some();
    let was_late = refusal.as_ref().is_some_and(|refusal| refusal.code() == ErrorCode::ChangedMeanwhile);
    let DocumentView { item, body, .. } = document;
    let theirs = was_late.then(|| view! { <Theirs title=item.title.to_string() body=body.as_str().to_owned()/> });
    // That one says in its own words what happened.
    let refusal = refusal.filter(|_| !was_late);
    let issues = refusal.clone();
    let typed = typed.filter(|_| is_refused).unwrap_or_else(|| Typed {
        title: item.title.to_string(),
        body: body.as_str().to_owned(),
        department: item.department.clone().unwrap_or_default(),
        sensitivity: String::new(),
    });
    let path = path_of(&organization.slug, &item.id);
    let slug = organization.slug.to_string();
    view! {
        <OrganizationShell
            current=OrganizationArea::Documents title=t("page.document.edit_title")
            purpose=t("page.document.edit_purpose") me organization refused=is_refused
        >
            {theirs}
            <section class="card">
                <PostForm action=ChangeDocument::PATH refusal class="form">
                    <input type="hidden" name="slug" value=slug/>
                    <input type="hidden" name="id" value=item.id.0/>
                    <input type="hidden" name="version" value=item.version.to_string()/>
                    <Fields typed refusal=issues asks_sensitivity=false/>
                    <div class="actions">
                        <Submit label=t("page.document.save")/>
                        <a class="button button-secondary" href=path>{t("page.document.cancel")}</a>
                    </div>
                </PostForm>
            </section>
        </OrganizationShell>
    }
}

/// Somebody else saved first: what they wrote, beside what was typed.
#[component]
fn Theirs(title: String, body: String) -> impl IntoView {
    view! {
        <Notice tone=Tone::Danger text=t("page.document.changed_meanwhile")>
            <details>
                <summary>{t("page.document.theirs")}</summary>
                <p><strong>{title}</strong></p>
                <div class="document-body">{body}</div>
            </details>
        </Notice>
    }
}

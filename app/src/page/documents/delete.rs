//! Deleting a document, apart from everything else that is done with it.

use auth::ErrorCode;
use auth::document::DocumentAct;
use auth::flow::{self, DocumentCaller};
use auth::id::DocumentId;
use auth::view::{DocumentItem, Me, OrganizationView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::acts::About;
use super::wanted::{Ask, WantedDocument};
use super::{id, organization_of, path_of, refused, slug};
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::account::WantedAct;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{OrganizationArea, OrganizationShell, provide_zone};

/// Deletes a document, for good.
///
/// # Errors
/// It is not there for the caller; they may not; somebody changed it meanwhile; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "delete_document")]
pub async fn delete_document(#[server(default)] slug: String, #[server(default)] id: String) -> Result<(), AppError> {
    server::caller()?;
    WantedAct::Document(WantedDocument { slug, ask: Ask::Delete { id } }).perform_or_ask().await
}

async fn load((slug, id): (String, DocumentId)) -> Result<(Me, OrganizationView, DocumentItem), AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let organization = organization_of(&auth, &slug).await?;
    let by = DocumentCaller::on_page(&caller);
    let document = flow::show_document(&auth, &by, &organization.id, &id, &context).await?;
    if !document.may.contains(&DocumentAct::Delete) {
        return Err(ErrorCode::Forbidden.into());
    }
    Ok((auth.me(&caller).await?, organization, document.item))
}

/// The page `/orgs/{slug}/documents/{id}/delete`.
#[component]
pub fn DeleteDocumentPage() -> impl IntoView {
    let asked = (slug(), id());
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, organization, item)) => view! { <Delete me organization item/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Delete(me: Me, organization: OrganizationView, item: DocumentItem) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(DeleteDocument::PATH);
    let is_refused = refusal.is_some();
    let path = path_of(&organization.slug, &item.id);
    let slug = organization.slug.clone();
    let title = item.title.to_string();
    view! {
        <OrganizationShell
            current=OrganizationArea::Documents title=t("page.document.delete_title")
            purpose=t("page.document.delete_purpose") me organization refused=is_refused
        >
            <section class="card danger-zone">
                <h2>{title}</h2>
                <ul class="plain-list">
                    <li>{t("page.document.delete_for_all")}</li>
                    <li>{t("page.document.delete_archive")}</li>
                </ul>
                <PostForm action=DeleteDocument::PATH refusal class="actions">
                    <About slug item/>
                    <button type="submit" class="button button-danger">{t("page.document.delete_action")}</button>
                    <a class="button button-secondary" href=path>{t("page.document.cancel")}</a>
                </PostForm>
            </section>
        </OrganizationShell>
    }
}

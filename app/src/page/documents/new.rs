//! Writing a document that is not there yet.

use auth::flow;
use auth::organization::OrganizationPermission;
use auth::view::{Me, OrganizationView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::fields::{Fields, Typed, keep, typed_for_new};
use super::wanted::{Ask, WantedDocument, new_document};
use super::{list_path, organization_of, refused, slug};
use crate::error::AppError;
use crate::island::{PostForm, refusal_of};
use crate::page::account::WantedAct;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{OrganizationArea, OrganizationShell, Submit, provide_zone};

/// Makes a document of the signed-in person.
///
/// # Errors
/// Fields that cannot be accepted; it is no organization of theirs; they may not; nobody is signed in.
#[server(prefix = "/rpc", endpoint = "create_document")]
pub async fn create_document(
    #[server(default)] slug: String,
    #[server(default)] title: String,
    #[server(default)] body: String,
    #[server(default)] department: String,
    #[server(default)] sensitivity: String,
) -> Result<(), AppError> {
    server::caller()?;
    let typed = Typed {
        title: title.clone(),
        body: body.clone(),
        department: department.clone(),
        sensitivity: sensitivity.clone(),
    };
    // What cannot be a document is said before anybody is asked for a proof.
    let outcome = match new_document(&title, &body, &department, &sensitivity).parse() {
        Ok(_) => {
            let ask = Ask::Create { title, body, department, sensitivity };
            WantedAct::Document(WantedDocument { slug: slug.clone(), ask }).perform_or_ask().await
        }
        Err(refusal) => Err(refusal.into()),
    };
    if outcome.is_err() {
        keep(&slug, None, typed).await;
    }
    outcome
}

/// Who writes, where, and what they typed last.
type Loaded = (Me, OrganizationView, Option<Typed>);

async fn load(slug: String) -> Result<Loaded, AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let organization = organization_of(&auth, &slug).await?;
    let permission = OrganizationPermission::CreateDocuments;
    flow::require_in_organization(&auth, &caller, &organization.id, permission, &context).await?;
    let typed = typed_for_new(&auth, &caller, &organization.id).await?;
    Ok((auth.me(&caller).await?, organization, typed))
}

/// The page `/orgs/{slug}/documents/new`.
#[component]
pub fn NewDocumentPage() -> impl IntoView {
    let slug = slug();
    let loaded = resource(move || slug.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, organization, typed)) => view! { <New me organization typed/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn New(me: Me, organization: OrganizationView, typed: Option<Typed>) -> impl IntoView {
    provide_zone(&me);
    let refusal = refusal_of(CreateDocument::PATH);
    let is_refused = refusal.is_some();
    // What was typed is shown to whoever was refused just now, and to nobody who comes anew.
    let typed = typed.filter(|_| is_refused).unwrap_or_default();
    let path = list_path(&organization.slug);
    let slug = organization.slug.to_string();
    let issues = refusal.clone();
    view! {
        <OrganizationShell
            current=OrganizationArea::Documents title=t("page.document.new_title")
            purpose=t("page.document.new_purpose") me organization refused=is_refused
        >
            <section class="card">
                <PostForm action=CreateDocument::PATH refusal class="form">
                    <input type="hidden" name="slug" value=slug/>
                    <Fields typed refusal=issues asks_sensitivity=true/>
                    <div class="actions">
                        <Submit label=t("page.document.create")/>
                        <a class="button button-secondary" href=path>{t("page.document.cancel")}</a>
                    </div>
                </PostForm>
            </section>
        </OrganizationShell>
    }
}

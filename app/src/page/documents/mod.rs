//! The documents of an organization: the list, one of them, writing one, and what may be done with it. What a page offers
//! is what the server answered about this very document; what it does not offer is refused all the same.

use auth::ErrorCode;
use auth::id::DocumentId;
use auth::organization::Slug;
use auth::view::OrganizationView;
use auth::{Auth, flow};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::account;
use super::organization::slug;
use crate::error::AppError;
use crate::page::NotFound;
use crate::server;
use crate::text::t;
use crate::ui::Entry;

mod acts;
mod badges;
mod delete;
mod edit;
mod fields;
mod list;
mod new;
mod rows;
mod show;
mod wanted;

pub use acts::{ChangeDocumentSensitivity, ChangeDocumentState, HandOverDocument};
pub use delete::{DeleteDocument, DeleteDocumentPage};
pub use edit::{ChangeDocument, EditDocumentPage};
pub use list::DocumentsPage;
pub use new::{CreateDocument, NewDocumentPage};
pub use show::DocumentPage;

pub(super) use rows::DocumentRows;
pub(super) use wanted::WantedDocument;

/// The `{id}` of the address.
fn id() -> DocumentId {
    DocumentId(use_params_map().get_untracked().get("id").unwrap_or_default())
}

/// Where the documents of an organization are.
pub(super) fn list_path(slug: &Slug) -> String {
    format!("/orgs/{slug}/documents")
}

/// Where one of them is.
fn path_of(slug: &Slug, id: &DocumentId) -> String {
    format!("{}/{}", list_path(slug), id.as_str())
}

/// The organization that is called so in addresses, for who is in it.
async fn organization_of(auth: &Auth, slug: &str) -> Result<OrganizationView, AppError> {
    let (caller, context) = (server::caller()?, server::context());
    let id = flow::organization_of_slug(auth, &caller, slug).await?;
    Ok(flow::show_organization(auth, &caller, &id, &context).await?)
}

/// Instead of a page that is not there, or not for whoever asks, or not yet.
fn refused(error: &AppError) -> AnyView {
    match error.code() {
        ErrorCode::NotFound => view! { <NotFound/> }.into_any(),
        ErrorCode::ReauthenticationRequired => {
            server::see_other(&format!("/account/confirm?next={}", server::path().unwrap_or_default()));
            ().into_any()
        }
        ErrorCode::SecondFactorRequired => view! { <NeedsFactor/> }.into_any(),
        ErrorCode::Forbidden => view! { <NotForYou/> }.into_any(),
        _ => account::refused(error),
    }
}

/// A rule asks for a second factor that the account lacks.
#[component]
fn NeedsFactor() -> impl IntoView {
    server::set_status(ErrorCode::SecondFactorRequired);
    view! {
        <Entry title=t("page.documents.factor_title") lead=t("page.documents.factor_lead") refused=true>
            <a class="button button-primary button-wide" href="/account/security">{t("page.documents.factor_action")}</a>
        </Entry>
    }
}

/// The caller is in the organization, and may not do this there.
#[component]
fn NotForYou() -> impl IntoView {
    server::set_status(ErrorCode::Forbidden);
    view! {
        <Entry title=t("page.documents.forbidden_title") lead=t("error.forbidden") refused=true>
            <a class="button button-primary button-wide" href="/dashboard">{t("page.documents.forbidden_action")}</a>
        </Entry>
    }
}

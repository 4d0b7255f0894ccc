//! Organizations with documents, and what their members do with them.

use super::{World, context};
use auth::document::{DocumentState, Title};
use auth::flow::{self, DocumentCaller};
use auth::form::{DocumentChangeForm, DocumentListForm, MINE, NewDocumentForm};
use auth::id::{DocumentId, OrganizationId};
use auth::organization::{BuiltInRole, OrganizationName, OrganizationRole, Slug};
use auth::random::{Random, SystemRandom};
use auth::session::Caller;
use auth::store::{NewMembership, NewOrganization};
use auth::view::{DocumentPage, DocumentView};
use auth::{Auth, Cursor, Result};

pub const UNKNOWN: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// An organization without anybody in it.
pub async fn organization(world: &World, slug: &str) -> OrganizationId {
    let (random, now) = (&SystemRandom as &dyn Random, world.auth.now());
    let id = OrganizationId(random.id(now));
    let (slug, name) = (Slug::parse(slug).unwrap(), OrganizationName::parse(slug).unwrap());
    let mut tx = world.auth.store().begin().await.unwrap();
    let new = NewOrganization { id: &id, slug: &slug, name: &name, created_at: now };
    assert!(tx.insert_organization(new).await.unwrap());
    tx.commit().await.unwrap();
    id
}

/// Signs up, signs in and is in the organization.
pub async fn join(
    world: &World,
    organization: &OrganizationId,
    email: &str,
    role: BuiltInRole,
    department: Option<&str>,
) -> Caller {
    world.create_account(email).await;
    let caller = world.caller(&world.sign_in(email).await);
    let role = OrganizationRole::BuiltIn(role);
    let mut tx = world.auth.store().begin().await.unwrap();
    let new = NewMembership {
        organization_id: organization,
        user_id: &caller.user_id,
        role: &role,
        department,
        joined_at: world.auth.now(),
    };
    assert!(tx.add_membership(new).await.unwrap());
    tx.commit().await.unwrap();
    caller
}

/// Somebody on a page.
pub fn page(caller: &Caller) -> DocumentCaller {
    DocumentCaller::on_page(caller)
}

/// A document that is wanted.
pub fn wanted(title: &str, sensitivity: &str, department: &str) -> NewDocumentForm {
    NewDocumentForm {
        title: title.into(),
        body: format!("What {title} says."),
        department: department.into(),
        sensitivity: sensitivity.into(),
    }
}

pub async fn try_make(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    form: NewDocumentForm,
) -> Result<DocumentView> {
    flow::create_document(auth, &page(caller), organization, form.parse()?, &context()).await
}

/// Makes an internal document for everybody.
pub async fn make(world: &World, caller: &Caller, organization: &OrganizationId, title: &str) -> DocumentView {
    try_make(&world.auth, caller, organization, wanted(title, "", "")).await.unwrap()
}

pub async fn show(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    id: &DocumentId,
) -> Result<DocumentView> {
    flow::show_document(auth, &page(caller), organization, id, &context()).await
}

pub async fn retitle(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    (id, version): (&DocumentId, i64),
    title: &str,
) -> Result<DocumentView> {
    let form = DocumentChangeForm { title: Some(title.into()), body: None, department: None, version: Some(version) };
    flow::change_document(auth, &page(caller), organization, id, form.parse()?, &context()).await
}

pub async fn move_to(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    id: &DocumentId,
    state: DocumentState,
) -> Result<DocumentView> {
    flow::change_document_state(auth, &page(caller), organization, id, state, &context()).await
}

/// What is asked for in an address.
pub fn asked(state: &str, mine: bool, q: &str, after: Option<Cursor>) -> DocumentListForm {
    let owner = if mine { MINE.to_owned() } else { String::new() };
    DocumentListForm { state: state.into(), owner, q: q.into(), after }
}

pub async fn list(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    form: DocumentListForm,
) -> Result<DocumentPage> {
    flow::list_documents(auth, &page(caller), organization, form.parse()?, &context()).await
}

/// The titles of the whole list, page by page, and how many were on each.
pub async fn titles(
    world: &World,
    caller: &Caller,
    organization: &OrganizationId,
    (state, mine, q): (&str, bool, &str),
) -> (Vec<String>, Vec<usize>) {
    let (mut titles, mut sizes, mut after) = (Vec::new(), Vec::new(), None);
    loop {
        let page = list(&world.auth, caller, organization, asked(state, mine, q, after)).await.unwrap();
        sizes.push(page.items.len());
        titles.extend(page.items.iter().map(|item| Title::as_str(&item.title).to_owned()));
        after = page.next;
        if after.is_none() {
            return (titles, sizes);
        }
    }
}

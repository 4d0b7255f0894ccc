//! The documents of an organization that the reader may see, and looking for one. The filters stand in the address.

use auth::document::DocumentState;
use auth::flow::{self, DocumentCaller};
use auth::form::{DocumentListForm, MINE};
use auth::view::{DocumentPage, Me, OrganizationView};
use leptos::prelude::*;

use super::badges::state_text;
use super::{DocumentRows, list_path, organization_of, refused, slug};
use crate::error::AppError;
use crate::page::account::{after, query};
use crate::page::address::with_query;
use crate::page::listed::told;
use crate::page::resource::resource;
use crate::server;
use crate::text::t;
use crate::ui::{Icon, Notice, OrganizationArea, OrganizationShell, Paging, Tone, provide_zone};

/// Who asks, where, and a page of the list.
type Loaded = (Me, OrganizationView, Result<DocumentPage, AppError>);

async fn load((slug, form): (String, DocumentListForm)) -> Result<Loaded, AppError> {
    let (auth, caller, context) = (server::auth(), server::caller()?, server::context());
    let organization = organization_of(&auth, &slug).await?;
    let list = match form.parse() {
        Ok(wanted) => {
            let by = DocumentCaller::on_page(&caller);
            flow::list_documents(&auth, &by, &organization.id, wanted, &context).await.map_err(AppError::from)
        }
        Err(refusal) => Err(AppError::from(refusal)),
    };
    let list = told(list)?;
    Ok((auth.me(&caller).await?, organization, list))
}

/// The page `/orgs/{slug}/documents`.
#[component]
pub fn DocumentsPage() -> impl IntoView {
    let form = DocumentListForm { state: query("state"), owner: query("owner"), q: query("q"), after: after() };
    let asked = (slug(), form);
    let loaded = resource(move || asked.clone(), load);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok((me, organization, list)) => view! { <Documents me organization list/> }.into_any(),
                    Err(error) => refused(&error),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Documents(me: Me, organization: OrganizationView, list: Result<DocumentPage, AppError>) -> impl IntoView {
    provide_zone(&me);
    let path = list_path(&organization.slug);
    let note = note_text(&query("note")).filter(|_| list.is_ok());
    let is_refused = list.is_err();
    let may_create = list.as_ref().is_ok_and(|page| page.may_create);
    let new = may_create.then(|| {
        let path = format!("{path}/new");
        view! { <a class="button button-primary" href=path>{t("page.documents.new")}</a> }
    });
    let needs_proof = list.as_ref().is_ok_and(|page| page.needs_proof);
    let confirm = needs_proof.then(|| {
        let confirm = format!("/account/confirm?next={path}");
        // No `Notice`: that has an id, and what was done a moment ago may be said on the same page.
        view! {
            <div class="notice notice-info" role="status">
                <Icon name="info"/>
                <div>
                    <p>{t("page.documents.needs_proof")}</p>
                    <p><a href=confirm>{t("page.documents.needs_proof_action")}</a></p>
                </div>
            </div>
        }
    });
    let content = match list {
        Ok(page) => view! { <List organization=organization.clone() page/> }.into_any(),
        Err(error) => view! { <NoList error path=path.clone()/> }.into_any(),
    };
    view! {
        <OrganizationShell
            current=OrganizationArea::Documents title=t("page.documents.nav") purpose=t("page.documents.purpose") me
            organization refused=is_refused
        >
            {note.map(|text| view! { <Notice tone=Tone::Ok text/> })}
            <div class="document-tools"><Filters path/>{new}</div>
            {confirm}
            {content}
        </OrganizationShell>
    }
}

/// Looking for some of them: a plain form whose answer is an address.
#[component]
fn Filters(path: String) -> impl IntoView {
    let chosen = query("state");
    let states = DocumentState::ALL.map(|state| {
        let is_chosen = state.as_str() == chosen;
        view! { <option value=state.as_str() selected=is_chosen>{state_text(state)}</option> }
    });
    let is_mine = query("owner") == MINE;
    view! {
        <form method="get" action=path class="document-filters" role="search">
            <div class="field">
                <label for="q">{t("page.documents.search")}</label>
                <input
                    class="input" type="search" id="q" name="q" value=query("q") maxlength="200" autocomplete="off"
                    spellcheck="false"
                />
            </div>
            <div class="field">
                <label for="state">{t("page.documents.state")}</label>
                <select class="input" id="state" name="state" autocomplete="off">
                    <option value="">{t("page.documents.every_state")}</option>
                    {states.collect_view()}
                </select>
            </div>
            <label class="check">
                <input type="checkbox" name="owner" value=MINE checked=is_mine/>
                <span>{t("page.documents.mine")}</span>
            </label>
            <button type="submit" class="button button-secondary">{t("page.documents.filter")}</button>
        </form>
    }
}

#[component]
fn List(organization: OrganizationView, page: DocumentPage) -> impl IntoView {
    let (state, owner, q) = (query("state"), query("owner"), query("q"));
    let path = list_path(&organization.slug);
    let is_filtered = !(state.is_empty() && owner.is_empty() && q.is_empty());
    let list = with_query(&path, &[("state", &state), ("owner", &owner), ("q", &q)]);
    let is_first = after().is_none();
    let DocumentPage { items, next, may_create, .. } = page;
    let content = if items.is_empty() {
        let text = match (next.is_some() || !is_first, is_filtered) {
            // The bound was met: others may follow.
            (true, _) => t("page.documents.none_here"),
            (false, true) => t("page.documents.none_found"),
            (false, false) if may_create => t("page.documents.empty"),
            (false, false) => t("page.documents.empty_reader"),
        };
        view! { <div class="empty"><Icon name="file"/><p>{text}</p></div> }.into_any()
    } else {
        view! { <DocumentRows slug=organization.slug items label=t("page.documents.nav")/> }.into_any()
    };
    view! { {content}<Paging list next is_first/> }
}

/// Instead of the list: what was wrong with the address, and the way to the whole list.
#[component]
fn NoList(error: AppError, path: String) -> impl IntoView {
    server::set_status(error.code());
    view! {
        <Notice tone=Tone::Danger text=t("ui.no_such_list")/>
        <div class="actions"><a class="button button-secondary" href=path>{t("ui.whole_list")}</a></div>
    }
}

fn note_text(note: &str) -> Option<String> {
    match note {
        "deleted" => Some(t("page.documents.note_deleted")),
        "handed_over" => Some(t("page.documents.note_handed_over")),
        _ => None,
    }
}

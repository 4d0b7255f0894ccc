//! The documents of an organization, as far as the caller may read them.

use super::document_access::{AtDocuments, DocumentCaller, Verdict, at_documents, resource_of};
use super::show_document::item_of;
use crate::form::WantedDocuments;
use crate::id::OrganizationId;
use crate::organization::OrganizationPermission;
use crate::paging::{Place, most_of_a_page};
use crate::store::DocumentFilter;
use crate::view::{DocumentItem, DocumentPage};
use crate::{Auth, Context, Result};

/// Rows that are decided about for one page at most.
const MOST_READ: usize = 500;

/// A page of documents, the newest first. Each is decided about by itself, so nobody learns a title that they may not
/// read; the page is filled up from what follows, within a bound.
///
/// # Errors
/// Those of [`super::require_in_organization`]; [`crate::ErrorCode::MalformedRequest`] for a broken cursor.
pub async fn list_documents(
    auth: &Auth,
    who: &DocumentCaller,
    organization: &OrganizationId,
    wanted: WantedDocuments,
    context: &Context,
) -> Result<DocumentPage> {
    let at = at_documents(auth, who, organization, OrganizationPermission::ReadDocuments, context).await?;
    let place = Place::of(wanted.after)?;
    let Some(beginning) = wanted.beginning else {
        return Ok(DocumentPage { items: Vec::new(), next: None, needs_proof: false, may_create: at.may_create(auth) });
    };
    let owner = wanted.mine.then(|| at.user_id().clone());
    let filter = DocumentFilter { state: wanted.state, owner, beginning };
    let picking = Picking { items: Vec::new(), needs_proof: false, looked_at: 0, may_create: at.may_create(auth) };
    picking.fill(auth, &at, &filter, place).await
}

/// A page that is being filled.
struct Picking {
    items: Vec<DocumentItem>,
    needs_proof: bool,
    looked_at: usize,
    may_create: bool,
}

impl Picking {
    async fn fill(
        mut self,
        auth: &Auth,
        at: &AtDocuments,
        filter: &DocumentFilter,
        mut place: Place,
    ) -> Result<DocumentPage> {
        loop {
            let mut rows = auth.store.documents(&at.organization, filter, &place).await?;
            // One more than a page was asked for: it tells whether more follow.
            let more_follow = rows.len() > most_of_a_page();
            rows.truncate(most_of_a_page());
            let mut rows = rows.into_iter().peekable();
            while let Some(row) = rows.next() {
                place = Place { at: row.created_at, id: row.id.0.clone() };
                self.looked_at += 1;
                match at.verdict(auth, OrganizationPermission::ReadDocuments, &resource_of(&row)) {
                    Verdict::Allowed => self.items.push(item_of(row)),
                    Verdict::NeedsProof => self.needs_proof = true,
                    Verdict::NeedsFactor | Verdict::Denied => {}
                }
                if self.items.len() == most_of_a_page() {
                    let goes_on = more_follow || rows.peek().is_some();
                    return Ok(self.page(goes_on.then_some(place)));
                }
            }
            if !more_follow {
                return Ok(self.page(None));
            }
            if self.looked_at >= MOST_READ {
                return Ok(self.page(Some(place)));
            }
        }
    }

    fn page(self, goes_on_behind: Option<Place>) -> DocumentPage {
        let Self { items, needs_proof, may_create, .. } = self;
        DocumentPage { items, next: goes_on_behind.map(|place| place.cursor()), needs_proof, may_create }
    }
}

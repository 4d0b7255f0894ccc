//! Which organization an address of a page is about.

use crate::id::OrganizationId;
use crate::organization::Slug;
use crate::session::Caller;
use crate::{Auth, ErrorCode, Result};

/// The id of the organization that is called so in addresses, or that has this id, for one who is in it. Mails lead to
/// the id: it stays when the slug changes, and begins with a digit, as no slug does.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who is not in it, when it is closed, and when there is none.
pub async fn organization_of_slug(auth: &Auth, caller: &Caller, slug: &str) -> Result<OrganizationId> {
    auth.session_of(caller).await?;
    if let Some(id) = OrganizationId::parse(slug) {
        let found = auth.store.own_organization(&id, &caller.user_id).await?;
        return found.map(|found| found.organization.id).ok_or_else(|| ErrorCode::NotFound.into());
    }
    let slug = Slug::parse(slug).map_err(|_| ErrorCode::NotFound)?;
    let found = auth.store.own_organization_id(slug.as_str(), &caller.user_id).await?;
    found.ok_or_else(|| ErrorCode::NotFound.into())
}

//! To whom a document can be handed over.

use super::document_access::AtDocuments;
use crate::id::OrganizationId;
use crate::organization::OrganizationPermission;
use crate::session::Caller;
use crate::view::DocumentOwner;
use crate::{Auth, Context, Result};

/// Most members that are offered; programs name anybody by id.
const MOST: i64 = 200;

/// The members of an organization, for who may see them, by their names. A part of a page that nobody asked for:
/// who may not see them leaves no refused act.
///
/// # Errors
/// Those of [`super::require_in_organization`].
pub async fn document_heirs(
    auth: &Auth,
    caller: &Caller,
    organization: &OrganizationId,
    context: &Context,
) -> Result<Vec<DocumentOwner>> {
    let at = AtDocuments::look(auth, caller, organization, OrganizationPermission::ReadMembers, context).await?;
    Ok(auth.store.document_heirs(&at.organization, MOST).await?)
}

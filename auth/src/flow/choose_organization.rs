//! In which organization a session works: its access tokens say what the person may there.

use super::organization_permission::require_in_organization;
use crate::id::OrganizationId;
use crate::organization::OrganizationPermission;
use crate::session::Caller;
use crate::view::AccessGrant;
use crate::{Auth, Context, Result};

/// Lets the session work in an organization, in none without one, and gives an access token that says so. The one from
/// before stays good for its time: it says what is still so.
///
/// # Errors
/// Those of [`require_in_organization`]; [`crate::ErrorCode::SignedOut`].
pub async fn choose_organization(
    auth: &Auth,
    caller: &Caller,
    organization: Option<&OrganizationId>,
    context: &Context,
) -> Result<AccessGrant> {
    let chosen = match organization {
        Some(id) => {
            let permission = OrganizationPermission::ReadOrganization;
            Some(require_in_organization(auth, caller, id, permission, context).await?.organization.id)
        }
        None => None,
    };
    let mut tx = auth.store.begin().await?;
    tx.set_session_organization(&caller.session_id, chosen.as_ref()).await?;
    tx.commit().await?;
    auth.grant_access(&auth.session_of(caller).await?)
}

//! What the caller may do at one place, for pages: what is not decided for them is not rendered.

use super::asked_act::{Object, Subject, act_on};
use crate::id::OrganizationId;
use crate::organization::OrganizationPermission;
use crate::policy::ActContext;
use crate::session::Caller;
use crate::view::AllowedActs;
use crate::{Auth, Context, Permission, Result};

/// Each act that the caller may do on the platform, or in an organization with what has no owner of its own. Whoever is
/// not in the organization may nothing there.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn allowed_acts(
    auth: &Auth,
    caller: &Caller,
    organization: Option<&OrganizationId>,
    context: &Context,
) -> Result<AllowedActs> {
    let session = auth.session_of(caller).await?;
    let subject = Subject::Session(&session);
    let stands = ActContext::of(context, auth.now(), "page");
    let object = Object { organization: organization.cloned(), document: None };
    // One question finds out who they are there; the others differ in the act alone.
    let first = act_on(auth, &subject, Permission::ReadAudit.as_str(), object, stands).await?;
    let all: Vec<&'static str> = match organization {
        None => Permission::ALL.iter().map(|permission| permission.as_str()).collect(),
        Some(_) => OrganizationPermission::ALL.iter().map(|permission| permission.as_str()).collect(),
    };
    let mut acts = Vec::new();
    if let Some(mut act) = first {
        for name in all {
            act.action = name;
            if auth.decide(&act).is_allowed {
                acts.push(name.to_owned());
            }
        }
    }
    Ok(AllowedActs { organization: organization.cloned(), acts })
}

//! Taking a list of accounts away, in the hands of an administrator: it begins here, and goes on page by page.

use super::admin_list_users::users_of;
use super::permission::require_permission;
use super::reauthenticate::require_fresh;
use crate::audit::AuditLine;
use crate::form::UserFilter;
use crate::paging::Page;
use crate::session::Caller;
use crate::view::UserItem;
use crate::{AccountState, Auth, Context, EventKind, Permission, Result, Role};

/// Writes down who takes which list, and gives its first page; [`super::admin_list_users()`] gives the others. Asks for a
/// fresh proof: it is what is known of everybody.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not see it;
/// [`crate::ErrorCode::ReauthenticationRequired`].
pub async fn export_users(
    auth: &Auth,
    caller: &Caller,
    filter: &UserFilter,
    context: &Context,
) -> Result<Page<UserItem>> {
    let session = require_permission(auth, caller, Permission::ReadUsers).await?;
    require_fresh(auth, session).await?;
    let page = users_of(auth, &auth.store.for_lists(), filter, None).await?;
    let line = AuditLine::of(EventKind::AdminUsersExported).by(&caller.user_id, Some(&caller.session_id)).changed(
        "filter",
        None,
        Some(&words(filter)),
    );
    let mut tx = auth.store.begin().await?;
    auth.record(&mut tx, line, context).await?;
    tx.commit().await?;
    Ok(page)
}

/// The filter for the log, which keeps no name and no address that was sought.
fn words(filter: &UserFilter) -> String {
    let words: Vec<String> = [
        (!filter.q.is_empty()).then(|| "sought".to_owned()),
        filter.role.map(|role| format!("role {}", Role::as_str(role))),
        filter.state.map(|state| format!("state {}", AccountState::as_str(state))),
        filter.has_factor.map(|has| if has { "with second factor" } else { "without second factor" }.to_owned()),
        filter.created_from.map(|at| format!("made from {}", at.0)),
        filter.created_before.map(|at| format!("made before {}", at.0)),
        filter.organization.as_ref().map(|id| format!("organization {}", id.as_str())),
    ]
    .into_iter()
    .flatten()
    .collect();
    if words.is_empty() { "everybody".to_owned() } else { words.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_says_which_list_and_not_who_was_sought() {
        assert_eq!(words(&UserFilter::default()), "everybody");
        let filter = UserFilter { role: Some(Role::Support), has_factor: Some(false), .."alice@example.com".into() };
        assert_eq!(words(&filter), "sought, role support, without second factor");
    }
}

//! One account with all that administrators see of it.

use super::admin_list_users::{item, living};
use super::administered::account_id;
use super::permission::require_permission;
use crate::EventFilter;
use crate::id::UserId;
use crate::paging::Place;
use crate::session::Caller;
use crate::store::{FOR_NOW, SessionRow, SuspensionRow, UserOrganizationRow};
use crate::view::{Suspension, UserActs, UserDetails, UserItem, UserOrganization};
use crate::{Auth, ErrorCode, Permission, Result, Role};

/// Organizations that are shown.
const MOST_ORGANIZATIONS: i64 = 100;
/// Lines of the activity that are shown.
const MOST_LINES: usize = 20;

/// One account.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not see it, and when there is none.
pub async fn admin_show_user(auth: &Auth, caller: &Caller, id: &UserId) -> Result<UserDetails> {
    let session = require_permission(auth, caller, Permission::ReadUsers).await?;
    let (id, now) = (account_id(id)?, auth.now());
    let row = auth.store.user_item(&id, living(auth)).await?.ok_or(ErrorCode::NotFound)?;
    let user = auth.store.user(&id).await?.ok_or(ErrorCode::NotFound)?;
    let suspension = auth.store.suspension(&id, now).await?;
    let organizations = auth.store.organizations_of_user(&id, MOST_ORGANIZATIONS).await?;
    let lines = auth.store.audit_events_of(&id, EventFilter::All, &Place::of(None)?).await?;
    let delete_at = row.delete_at;
    let item = item(row, now);
    Ok(UserDetails {
        acts: acts_of(&session, &item),
        user: item,
        suspension: suspension.map(suspension_view),
        delete_at,
        has_password: user.password_hash.is_some(),
        organizations: organizations.into_iter().map(organization_view).collect(),
        activity: lines.into_iter().filter_map(super::list_activity::item).take(MOST_LINES).collect(),
    })
}

/// What the role of a session allows with an account: nobody acts on their own, nor on one above theirs. The flows decide
/// again; this is for a page that offers only what may be done.
fn acts_of(session: &SessionRow, user: &UserItem) -> UserActs {
    if session.user_id == user.id || user.role.is_above(session.role) {
        return UserActs::default();
    }
    let may = |permission| session.role.grants(permission);
    let is_staff = user.role.administers();
    let impersonates = may(Permission::ImpersonateUsers) && (!is_staff || session.role == Role::PlatformAdmin);
    UserActs {
        suspend: may(Permission::SuspendUsers),
        send_reset: may(Permission::HelpUsers),
        end_sessions: may(Permission::EndSessions),
        reset_factors: may(Permission::ResetFactors),
        set_role: may(Permission::ManageRoles),
        impersonate: impersonates && user.role != Role::PlatformAdmin,
        impersonate_writing: impersonates && !is_staff && session.role == Role::PlatformAdmin,
    }
}

fn suspension_view(row: SuspensionRow) -> Suspension {
    let SuspensionRow { at, until, reason, note } = row;
    Suspension { at, until: (until != FOR_NOW).then_some(until), reason, note }
}

fn organization_view(row: UserOrganizationRow) -> UserOrganization {
    let UserOrganizationRow { id, slug, name, role, joined_at } = row;
    UserOrganization { id, slug, name, role, joined_at }
}

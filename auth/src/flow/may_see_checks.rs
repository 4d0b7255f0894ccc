//! Whether the checks of `/admin/health` are for the caller: they tell of settings, files and addresses, so they are for
//! whoever may read the settings.

use super::permission::look_for_permission;
use crate::session::Caller;
use crate::{Auth, Permission};

/// Whether they may see them. Who may not sees the rest of the page: nothing was refused, and no line is left.
pub async fn may_see_checks(auth: &Auth, caller: &Caller) -> bool {
    look_for_permission(auth, caller, Permission::ReadSettings).await.is_ok()
}

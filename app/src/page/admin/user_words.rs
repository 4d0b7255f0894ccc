//! What the pages about accounts say alike: a role, a state, a number of sessions.

use auth::view::UserItem;
use auth::{AccountState, Role};
use leptos::prelude::*;

use crate::text::{t, t_with};

/// What an account may do, in words.
#[component]
pub(super) fn RoleBadge(role: Role) -> impl IntoView {
    let class = match role {
        Role::PlatformAdmin => "badge badge-warn",
        Role::Support | Role::Auditor => "badge badge-ok",
        Role::User => "badge",
    };
    view! { <span class=class>{role_text(role)}</span> }
}

/// The same where no element may stand, as in a list of choices.
pub(super) fn role_text(role: Role) -> String {
    t(match role {
        Role::PlatformAdmin => "page.admin_users.role_admin",
        Role::Support => "page.admin_users.role_support",
        Role::Auditor => "page.admin_users.role_auditor",
        Role::User => "page.admin_users.role_user",
    })
}

/// How an account stands, in words.
#[component]
pub(super) fn StateBadge(state: AccountState) -> impl IntoView {
    let class = match state {
        AccountState::Active => "badge badge-ok",
        AccountState::Suspended => "badge badge-danger",
        AccountState::Deleting => "badge badge-warn",
    };
    view! { <span class=class>{state_text(state)}</span> }
}

/// The same where no element may stand.
pub(super) fn state_text(state: AccountState) -> String {
    t(match state {
        AccountState::Active => "page.admin_users.state_active",
        AccountState::Suspended => "page.admin_users.state_suspended",
        AccountState::Deleting => "page.admin_users.state_deleting",
    })
}

/// How many sessions go on, as far as they were counted.
pub(super) fn count_text(live_sessions: i64) -> String {
    let count = live_sessions.to_string();
    if live_sessions < UserItem::MOST_COUNTED {
        count
    } else {
        t_with("page.admin_users.or_more", &[("count", &count)])
    }
}

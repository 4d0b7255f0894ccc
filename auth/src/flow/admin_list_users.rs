//! Who has an account, for administrators.

use super::permission::require_permission;
use crate::form::UserFilter;
use crate::id::UserId;
use crate::paging::{Cursor, Page, Place};
use crate::search::{Sought, Span};
use crate::session::Caller;
use crate::store::{Listing, Living, Store, UserItemRow};
use crate::view::UserItem;
use crate::{AccountState, Auth, Email, Permission, Result, Timestamp};

/// More accounts than this have a word in common: then it does not matter how many.
const MANY: i64 = 1000;

/// A page of the accounts that a filter leaves, the newest first. What is sought is an id or an address in full, or else
/// stands in the name or the address: then those whose words begin so come first, in the order of the alphabet.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`]; [`crate::ErrorCode::NotFound`] for who may not see it;
/// [`crate::ErrorCode::MalformedRequest`] for a broken cursor.
pub async fn admin_list_users(
    auth: &Auth,
    caller: &Caller,
    filter: impl Into<UserFilter>,
    after: Option<Cursor>,
) -> Result<Page<UserItem>> {
    require_permission(auth, caller, Permission::ReadUsers).await?;
    users_of(auth, &auth.store.for_lists(), &filter.into(), after).await
}

/// The page, for whoever may see it, from one store or its copy.
pub(super) async fn users_of(
    auth: &Auth,
    store: &Store,
    filter: &UserFilter,
    after: Option<Cursor>,
) -> Result<Page<UserItem>> {
    let place = Place::of(after)?;
    let living = living(auth);
    let sought = filter.q.trim();
    if let Some(row) = named(store, sought, living).await? {
        let items = if leaves(filter, &row, auth.now()) && of_organization(store, filter, &row).await? {
            vec![item(row, auth.now())]
        } else {
            Vec::new()
        };
        return Ok(Page { items, next: None });
    }
    let rows = if sought.is_empty() {
        let listing = Listing { filter, patterns: &Sought::anybody(), living };
        store.list_users(&listing, &place).await?
    } else {
        let Some(sought) = Sought::parse(sought) else { return Ok(Page { items: Vec::new(), next: None }) };
        let spans = rarest(store, &sought.spans).await?;
        let listing = Listing { filter, patterns: &sought.patterns, living };
        store.find_users(&listing, spans, &place).await?
    };
    let place = |row: &UserItemRow| Place { at: Timestamp(row.place), id: row.id.0.clone() };
    Ok(Page::of(rows, place, |row| Some(item(row, living.now))))
}

/// The one account of an id or an address in full: one look-up, however many there are.
async fn named(store: &Store, sought: &str, living: Living) -> Result<Option<UserItemRow>> {
    if let Some(id) = UserId::parse(sought) {
        return Ok(store.user_item(&id, living).await?);
    }
    match Email::parse(sought) {
        Ok(email) => Ok(store.user_item_by_email(&email, living).await?),
        Err(_) => Ok(None),
    }
}

/// Whether a filter leaves an account, but for its organizations.
fn leaves(filter: &UserFilter, row: &UserItemRow, now: Timestamp) -> bool {
    filter.role.is_none_or(|role| role == row.role)
        && filter.state.is_none_or(|state| state == state_of(row, now))
        && filter.has_factor.is_none_or(|has| has != row.factors.is_empty())
        && filter.created_from.is_none_or(|from| row.created_at >= from)
        && filter.created_before.is_none_or(|before| row.created_at < before)
}

async fn of_organization(store: &Store, filter: &UserFilter, row: &UserItemRow) -> Result<bool> {
    let Some(organization) = &filter.organization else { return Ok(true) };
    let all = store.organizations_of_user(&row.id, i64::MAX).await?;
    Ok(all.iter().any(|one| one.id == *organization))
}

/// The span that the fewest accounts have something in, and the one that follows it: itself where there is no other. All
/// are asked when there are several; each is counted to a bound.
async fn rarest(store: &Store, spans: &[Span]) -> Result<(Span, Span)> {
    let mut counted = Vec::with_capacity(spans.len());
    for span in spans {
        let found = if spans.len() > 1 { store.count_fragments(*span, MANY).await? } else { 0 };
        counted.push((found, *span));
    }
    counted.sort_by_key(|(found, _)| *found);
    let rarest = counted[0].1;
    Ok((rarest, counted.get(1).map_or(rarest, |(_, span)| *span)))
}

/// Which sessions count.
pub(super) fn living(auth: &Auth) -> Living {
    let now = auth.now();
    Living { now, idle_since: now.minus_seconds(auth.lifetimes.session_idle), most: UserItem::MOST_COUNTED }
}

/// How an account stands. Who is suspended and about to go is suspended.
fn state_of(row: &UserItemRow, now: Timestamp) -> AccountState {
    match row.delete_at {
        _ if row.suspended_until > now => AccountState::Suspended,
        Some(_) => AccountState::Deleting,
        None => AccountState::Active,
    }
}

/// What is shown of a row.
pub(super) fn item(row: UserItemRow, now: Timestamp) -> UserItem {
    let state = state_of(&row, now);
    let UserItemRow { id, email, name, role, created_at, live_sessions, factors, .. } = row;
    UserItem { id, email, name, role, created_at, live_sessions, factors, state }
}

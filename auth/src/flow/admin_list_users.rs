//! Who has an account, for administrators.

use uuid::Uuid;

use super::permission::require_permission;
use crate::id::UserId;
use crate::paging::{Cursor, Page, Place};
use crate::session::Caller;
use crate::store::{Living, UserItemRow};
use crate::view::UserItem;
use crate::{Auth, Email, ErrorCode, Permission, Result};

/// Longest beginning of an address that is looked for (RFC 5321, 4.5.3.1.3).
const MAX_LENGTH: usize = 254;

/// A page of the accounts whose address is `sought`, else begins with it; the newest first. Everybody when
/// nothing is sought.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not see it;
/// [`ErrorCode::MalformedRequest`] for a broken cursor.
pub async fn admin_list_users(
    auth: &Auth,
    caller: &Caller,
    sought: &str,
    after: Option<Cursor>,
) -> Result<Page<UserItem>> {
    require_permission(auth, caller, Permission::ReadUsers).await?;
    let place = Place::of(after)?;
    let living = living(auth);
    // An address in full is one look-up, however many there are.
    if let Ok(email) = Email::parse(sought)
        && let Some(row) = auth.store.user_item_by_email(&email, living).await?
    {
        return Ok(Page { items: vec![item(row)], next: None });
    }
    let Some(pattern) = pattern(sought) else { return Ok(Page { items: Vec::new(), next: None }) };
    let rows = auth.store.users_like(&pattern, living, &place).await?;
    Ok(Page::of(rows, |row: &UserItemRow| Place { at: row.created_at, id: row.id.0.clone() }, |row| Some(item(row))))
}

/// One account.
///
/// # Errors
/// [`ErrorCode::SignedOut`]; [`ErrorCode::NotFound`] for who may not see it, and when there is none.
pub async fn admin_show_user(auth: &Auth, caller: &Caller, id: &UserId) -> Result<UserItem> {
    require_permission(auth, caller, Permission::ReadUsers).await?;
    // A database need not take every text: PostgreSQL refuses a zero byte.
    let id = UserId(Uuid::try_parse(id.as_str()).map_err(|_| ErrorCode::NotFound)?.to_string());
    let row = auth.store.user_item(&id, living(auth)).await?;
    Ok(item(row.ok_or(ErrorCode::NotFound)?))
}

fn living(auth: &Auth) -> Living {
    let now = auth.now();
    Living { now, idle_since: now.minus_seconds(auth.lifetimes.session_idle), most: UserItem::MOST_COUNTED }
}

/// The pattern of what begins with this; none for what no address can begin with.
fn pattern(sought: &str) -> Option<String> {
    let sought = sought.trim_matches(' ').to_ascii_lowercase();
    if sought.len() > MAX_LENGTH || !sought.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let mut pattern = String::with_capacity(sought.len() + 1);
    for letter in sought.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    Some(pattern)
}

fn item(row: UserItemRow) -> UserItem {
    let UserItemRow { id, email, name, role, created_at, live_sessions, factors } = row;
    UserItem { id, email, name, role, created_at, live_sessions, factors }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sought_stands_for_itself() {
        assert_eq!(pattern(" Bob ").as_deref(), Some("bob%"));
        assert_eq!(pattern("").as_deref(), Some("%"));
        assert_eq!(pattern("100%_sure!").as_deref(), Some("100!%!_sure!!%"));
        for nobody in ["a b", "a\0b", "é", "a\u{202e}", &"x".repeat(255)] {
            assert_eq!(pattern(nobody), None, "{nobody:?}");
        }
    }
}

//! The list of accounts, filtered. Each filter that leaves few walks along an index of its own, in the order of the list;
//! all others are asked of each row on the way. So a page costs about the same among a thousand accounts and a million.

use sqlx::Any;
use sqlx::query::QueryAs;

use super::administration::{Living, UserItemRow, user_item};
use super::{Result, Store};
use crate::form::UserFilter;
use crate::id::OrganizationId;
use crate::paging::{Place, rows_to_ask};
use crate::search::{MOST_TERMS, Span};
use crate::{AccountState, Role, Timestamp};

/// What is listed.
pub struct Listing<'a> {
    /// Who.
    pub filter: &'a UserFilter,
    /// What must stand in name or address, as patterns of `LIKE` with the escape `!`.
    pub patterns: &'a [String; MOST_TERMS],
    /// Which sessions count.
    pub living: Living,
}

/// Rows to ask for stand in `$4`, the place in `$5` and `$6`.
macro_rules! filtered {
    () => {
        " AND (CAST($7 AS TEXT) = '' OR u.role = $7) \
         AND (CAST($8 AS TEXT) = '' OR (CASE WHEN u.suspended_until > $1 THEN 'suspended' \
         WHEN u.delete_at IS NOT NULL THEN 'deleting' ELSE 'active' END) = $8) \
         AND (CAST($9 AS TEXT) = '' OR (CASE WHEN u.factors = '' THEN 'without' ELSE 'with' END) = $9) \
         AND u.created_at >= $10 AND u.created_at < $11 \
         AND (CAST($12 AS TEXT) = '' OR EXISTS (SELECT o.user_id FROM memberships o \
         WHERE o.organization_id = $12 AND o.user_id = u.id)) \
         AND u.search_text LIKE $13 ESCAPE '!' AND u.search_text LIKE $14 ESCAPE '!' \
         AND u.search_text LIKE $15 ESCAPE '!' AND u.search_text LIKE $16 ESCAPE '!' \
         AND u.search_text LIKE $17 ESCAPE '!'"
    };
}

/// The newest first, along the index that a condition leads to.
macro_rules! newest {
    ($condition:literal) => {
        concat!(
            user_item!(),
            ", u.created_at AS place FROM users u WHERE (u.created_at, u.id) < ($5, $6) ",
            $condition,
            filtered!(),
            " ORDER BY u.created_at DESC, u.id DESC LIMIT $4"
        )
    };
}

const EVERYBODY: &str = newest!("");
const OF_ROLE: &str = newest!("AND u.role <> 'user' AND u.role = $7");
const SUSPENDED: &str = newest!("AND u.suspended_until > 0");
const LEAVING: &str = newest!("AND u.delete_at IS NOT NULL");
const WITH_FACTOR: &str = newest!("AND u.factors <> ''");
const WITHOUT_FACTOR: &str = newest!("AND u.factors = ''");

/// `CROSS` says to SQLite that the members come first: they are few.
const OF_ORGANIZATION: &str = concat!(
    user_item!(),
    ", u.created_at AS place FROM memberships m CROSS JOIN users u \
     WHERE m.organization_id = $12 AND u.id = m.user_id AND (u.created_at, u.id) < ($5, $6)",
    filtered!(),
    " ORDER BY u.created_at DESC, u.id DESC LIMIT $4"
);

/// Along the index of ends of words from `$18` down to `$19`. An account stands where the first of its words does, and
/// nowhere else.
const SOUGHT: &str = concat!(
    user_item!(),
    ", f.fragment AS place FROM user_search f CROSS JOIN users u \
     WHERE f.fragment >= $19 AND (f.fragment, f.user_id) < ($5, $6) AND u.id = f.user_id \
     AND NOT EXISTS (SELECT e.user_id FROM user_search e WHERE e.user_id = f.user_id AND e.fragment > f.fragment \
     AND e.fragment <= $18)",
    filtered!(),
    " ORDER BY f.fragment DESC, f.user_id DESC LIMIT $4"
);

type Query<'q> = QueryAs<'q, Any, UserItemRow, sqlx::any::AnyArguments>;

impl Store {
    /// Accounts that a filter leaves and that follow `place`, the newest first.
    pub async fn list_users(&self, listing: &Listing<'_>, place: &Place) -> Result<Vec<UserItemRow>> {
        let statement = statement_for(listing.filter);
        bound(sqlx::query_as(statement), listing, (place.at.0, &place.id)).fetch_all(&mut *self.read.get().await?).await
    }

    /// The same of accounts one of whose words has an end in the span: in the order of these ends, and the newest first
    /// among those with the same.
    pub(crate) async fn find_users(
        &self,
        listing: &Listing<'_>,
        span: Span,
        place: &Place,
    ) -> Result<Vec<UserItemRow>> {
        // One above the first, so that the first itself follows.
        let start = (place.at.0.min(span.first + 1), if place.at.0 > span.first { "" } else { &*place.id });
        bound(sqlx::query_as(SOUGHT), listing, start)
            .bind(span.first)
            .bind(span.last)
            .fetch_all(&mut *self.read.get().await?)
            .await
    }
}

fn statement_for(filter: &UserFilter) -> &'static str {
    match filter {
        UserFilter { organization: Some(_), .. } => OF_ORGANIZATION,
        UserFilter { role: Some(role), .. } if *role != Role::User => OF_ROLE,
        UserFilter { state: Some(AccountState::Suspended), .. } => SUSPENDED,
        UserFilter { state: Some(AccountState::Deleting), .. } => LEAVING,
        UserFilter { has_factor: Some(true), .. } => WITH_FACTOR,
        UserFilter { has_factor: Some(false), .. } => WITHOUT_FACTOR,
        _ => EVERYBODY,
    }
}

fn bound<'q>(query: Query<'q>, listing: &Listing<'_>, (at, id): (i64, &str)) -> Query<'q> {
    let Listing { filter, patterns, living } = listing;
    let factor = filter.has_factor.map_or("", |has| if has { "with" } else { "without" });
    let query = query
        .bind(living.now.0)
        .bind(living.idle_since.0)
        .bind(living.most)
        .bind(rows_to_ask())
        .bind(at)
        .bind(id.to_owned())
        .bind(filter.role.map_or("", Role::as_str))
        .bind(filter.state.map_or("", AccountState::as_str))
        .bind(factor)
        .bind(filter.created_from.map_or(i64::MIN, |at: Timestamp| at.0))
        .bind(filter.created_before.map_or(i64::MAX, |at: Timestamp| at.0))
        .bind(filter.organization.as_ref().map_or("", OrganizationId::as_str).to_owned());
    patterns.iter().fold(query, |query, pattern| query.bind(pattern.clone()))
}

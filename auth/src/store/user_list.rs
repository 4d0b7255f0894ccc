//! The list of accounts, filtered. Each filter that leaves few walks along an index of its own, in the order of the list;
//! all others are asked of each row on the way. So a page costs about the same among a thousand accounts and a million.

use sqlx::query::QueryAs;
use sqlx::{Any, Row as _};

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

/// Along the index of ends of words from `$18` down to `$19`, so many of them at most: PostgreSQL, which is not told how far
/// to walk, reads everybody who fits and sorts them. An account stands where the first of its words does, and nowhere
/// else; and it has a word from `$20` down to `$21`, too, which is asked before its row is read.
macro_rules! sought {
    ($looked_at:literal) => {
        Look {
            rows: concat!(
                user_item!(),
                ", f.fragment AS place FROM (SELECT s.fragment, s.user_id FROM user_search s \
                 WHERE s.fragment >= $19 AND (s.fragment, s.user_id) < ($5, $6) \
                 ORDER BY s.fragment DESC, s.user_id DESC LIMIT ",
                $looked_at,
                ") f CROSS JOIN users u WHERE u.id = f.user_id \
                 AND EXISTS (SELECT o.user_id FROM user_search o WHERE o.user_id = f.user_id \
                 AND o.fragment >= $21 AND o.fragment <= $20) \
                 AND NOT EXISTS (SELECT e.user_id FROM user_search e WHERE e.user_id = f.user_id \
                 AND e.fragment > f.fragment AND e.fragment <= $18)",
                filtered!(),
                " ORDER BY f.fragment DESC, f.user_id DESC LIMIT $4"
            ),
            end: concat!(
                "SELECT s.fragment, s.user_id FROM user_search s WHERE s.fragment >= $1 \
                 AND (s.fragment, s.user_id) < ($2, $3) ORDER BY s.fragment DESC, s.user_id DESC LIMIT 1 OFFSET ",
                $looked_at,
                " - 1"
            ),
        }
    };
}

/// A look along the index: the accounts of it that are wanted, and where it ends.
struct Look {
    rows: &'static str,
    end: &'static str,
}

/// Most pages are full after the first; the last is taken again and again.
const LOOKS: [Look; 3] = [sought!("300"), sought!("1000"), sought!("4000")];

type Query<'q> = QueryAs<'q, Any, UserItemRow, sqlx::any::AnyArguments>;

impl Store {
    /// Accounts that a filter leaves and that follow `place`, the newest first.
    pub async fn list_users(&self, listing: &Listing<'_>, place: &Place) -> Result<Vec<UserItemRow>> {
        let statement = statement_for(listing.filter);
        bound(sqlx::query_as(statement), listing, (place.at.0, &place.id)).fetch_all(&mut *self.read.get().await?).await
    }

    /// The same of accounts one of whose words has an end in the span: in the order of these ends, and the newest first
    /// among those with the same. Another of their ends is in the other span.
    pub(crate) async fn find_users(
        &self,
        listing: &Listing<'_>,
        (span, other): (Span, Span),
        place: &Place,
    ) -> Result<Vec<UserItemRow>> {
        // One above the first, so that the first itself follows.
        let id = if place.at.0 > span.first { String::new() } else { place.id.clone() };
        let mut start = (place.at.0.min(span.first + 1), id);
        let mut found = Vec::new();
        let wanted = usize::try_from(rows_to_ask()).unwrap_or_default();
        let [first, next, last] = &LOOKS;
        for look in [first, next].into_iter().chain(std::iter::repeat(last)) {
            let rows = bound(sqlx::query_as(look.rows), listing, (start.0, &start.1));
            let rows = rows.bind(span.first).bind(span.last).bind(other.first).bind(other.last);
            found.extend(rows.fetch_all(&mut *self.read.get().await?).await?);
            if found.len() >= wanted {
                break;
            }
            match self.look_ends(look, span, &start).await? {
                Some(end) => start = end,
                None => break,
            }
        }
        found.truncate(wanted);
        Ok(found)
    }

    /// The last place of a look; none when the span ends before.
    async fn look_ends(&self, look: &Look, span: Span, start: &(i64, String)) -> Result<Option<(i64, String)>> {
        sqlx::query(look.end)
            .bind(span.last)
            .bind(start.0)
            .bind(start.1.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await?
            .map(|row| Ok((row.try_get("fragment")?, row.try_get("user_id")?)))
            .transpose()
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

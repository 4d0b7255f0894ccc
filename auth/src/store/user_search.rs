//! The index by which accounts are found by part of a name or address: see [`crate::search`].

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::users::parsed;
use super::{Result, Store, Transaction};
use crate::id::UserId;
use crate::search::{Span, folded, fragments};
use crate::{Email, PersonName};

/// Rows of one statement.
const PLACES: usize = 32;

/// As many rows as it has places for; places without a fragment are NULL and left out.
const INSERT: &str = "WITH wanted (fragment) AS (VALUES \
     (CAST($2 AS BIGINT)), (CAST($3 AS BIGINT)), (CAST($4 AS BIGINT)), (CAST($5 AS BIGINT)), (CAST($6 AS BIGINT)), \
     (CAST($7 AS BIGINT)), (CAST($8 AS BIGINT)), (CAST($9 AS BIGINT)), (CAST($10 AS BIGINT)), (CAST($11 AS BIGINT)), \
     (CAST($12 AS BIGINT)), (CAST($13 AS BIGINT)), (CAST($14 AS BIGINT)), (CAST($15 AS BIGINT)), (CAST($16 AS BIGINT)), \
     (CAST($17 AS BIGINT)), (CAST($18 AS BIGINT)), (CAST($19 AS BIGINT)), (CAST($20 AS BIGINT)), (CAST($21 AS BIGINT)), \
     (CAST($22 AS BIGINT)), (CAST($23 AS BIGINT)), (CAST($24 AS BIGINT)), (CAST($25 AS BIGINT)), (CAST($26 AS BIGINT)), \
     (CAST($27 AS BIGINT)), (CAST($28 AS BIGINT)), (CAST($29 AS BIGINT)), (CAST($30 AS BIGINT)), (CAST($31 AS BIGINT)), \
     (CAST($32 AS BIGINT)), (CAST($33 AS BIGINT))) \
     INSERT INTO user_search (user_id, fragment) SELECT CAST($1 AS TEXT), wanted.fragment FROM wanted \
     WHERE wanted.fragment IS NOT NULL ON CONFLICT DO NOTHING";

/// An account that is not in the index yet.
pub struct UnsearchedRow {
    id: UserId,
    name: PersonName,
    email: Email,
}

impl FromRow<'_, AnyRow> for UnsearchedRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: UserId(row.try_get("id")?),
            name: PersonName::from(row.try_get::<String, _>("name")?),
            email: parsed(row, "email")?,
        })
    }
}

impl UnsearchedRow {
    /// Whose row it is.
    pub(crate) fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// What is compared in full when an account was found by the index.
pub(super) fn search_text(name: &PersonName, email: &Email) -> String {
    folded(&format!("{name} {email}"))
}

impl Store {
    /// How many ends of words are in a span, counted up to `most`.
    pub(crate) async fn count_fragments(&self, span: Span, most: i64) -> Result<i64> {
        sqlx::query(
            "SELECT CAST(COUNT(*) AS BIGINT) AS found FROM (SELECT s.fragment FROM user_search s \
             WHERE s.fragment >= $1 AND s.fragment <= $2 LIMIT $3) counted",
        )
        .bind(span.last)
        .bind(span.first)
        .bind(most)
        .fetch_one(&mut *self.read.get().await?)
        .await?
        .try_get("found")
    }

    /// Accounts that are not in the index: those of before it, and those that another program wrote.
    pub async fn unsearched_users(&self, most: i64) -> Result<Vec<UnsearchedRow>> {
        sqlx::query_as("SELECT id, name, email FROM users WHERE search_text = '' ORDER BY id LIMIT $1")
            .bind(most)
            .fetch_all(&mut *self.read.get().await?)
            .await
    }
}

impl Transaction {
    /// The next accounts after an id that are not in the index.
    pub(crate) async fn next_unsearched(&mut self, after: &str, most: i64) -> Result<Vec<UnsearchedRow>> {
        sqlx::query_as("SELECT id, name, email FROM users WHERE search_text = '' AND id > $1 ORDER BY id LIMIT $2")
            .bind(after)
            .bind(most)
            .fetch_all(&mut *self.0)
            .await
    }

    /// Takes the index away, until the end of this transaction at the latest: millions of rows are sorted once in a
    /// fraction of the time in which each finds its place.
    pub(crate) async fn drop_fragment_index(&mut self) -> Result<()> {
        sqlx::query("DROP INDEX user_search_by_fragment").execute(&mut *self.0).await.map(|_| ())
    }

    /// Makes it again, as the migration of administration made it.
    pub(crate) async fn make_fragment_index(&mut self) -> Result<()> {
        sqlx::query("CREATE INDEX user_search_by_fragment ON user_search (fragment, user_id)")
            .execute(&mut *self.0)
            .await
            .map(|_| ())
    }

    /// Puts an account into the index; `false` when it was changed since it was read: whoever did that put it there.
    pub async fn index_user(&mut self, row: &UnsearchedRow) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE users SET search_text = $2 WHERE id = $1 AND search_text = '' AND name = $3 AND email = $4",
        )
        .bind(row.id.as_str())
        .bind(search_text(&row.name, &row.email))
        .bind(row.name.as_str())
        .bind(row.email.as_str())
        .execute(&mut *self.0)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        self.insert_fragments(&row.id, &row.name, &row.email).await?;
        Ok(true)
    }

    /// From now on the account is found by this name and address. For whoever holds the account.
    pub(super) async fn find_user_by(&mut self, id: &UserId, name: &PersonName, email: &Email) -> Result<()> {
        sqlx::query("UPDATE users SET search_text = $2 WHERE id = $1")
            .bind(id.as_str())
            .bind(search_text(name, email))
            .execute(&mut *self.0)
            .await?;
        sqlx::query("DELETE FROM user_search WHERE user_id = $1").bind(id.as_str()).execute(&mut *self.0).await?;
        self.insert_fragments(id, name, email).await
    }

    /// Adds the ends of words of an account.
    pub(super) async fn insert_fragments(&mut self, id: &UserId, name: &PersonName, email: &Email) -> Result<()> {
        let fragments: Vec<i64> = fragments(name.as_str(), email.as_str()).into_iter().collect();
        for some in fragments.chunks(PLACES) {
            let mut statement = sqlx::query(INSERT).bind(id.as_str());
            for place in 0..PLACES {
                statement = statement.bind(some.get(place).copied());
            }
            statement.execute(&mut *self.0).await?;
        }
        Ok(())
    }
}

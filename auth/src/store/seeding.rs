//! Accounts, organizations and lines of the audit log by the million, for load tests: made by the database itself, one
//! text for both. What looks like chance is computed from the number of a row and the seed, so the same seed makes the
//! same data; rows that are there already stay as they are.
//!
//! `a` and `b` are draws of 0 to 32767: the upper bits of squares modulo a prime. Rows that stand
//! beside each other in time stand beside each other in the indexes, too: else each row would touch a page of its own.

use sqlx::{Any, Row};

use super::audit_chain::{ChainRow, chain_columns};
use super::{Result, Store, Transaction};
use crate::Timestamp;

/// Some rows of many.
#[derive(Clone, Copy)]
pub struct Batch {
    /// The number of the first row.
    pub from: i64,
    /// The number after that of the last.
    pub to: i64,
    /// Chooses the data.
    pub seed: i64,
    /// Accounts in all.
    pub users: i64,
    /// Now: the newest row is about as old.
    pub now: Timestamp,
}

/// Names in columns of eight letters, 32 of each kind, and the hash that all accounts share.
pub struct SeedWords<'a> {
    /// First names.
    pub first_names: &'a str,
    /// Last names.
    pub last_names: &'a str,
    /// PHC string.
    pub password_hash: &'a str,
}

/// The numbers from `$1` to before `$2`, each with its draws; `$3` is the seed.
macro_rules! drawn {
    () => {
        "WITH RECURSIVE numbers (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < $2), \
         steps (i, x) AS (SELECT i, (i * 7919 + $3 * 104729 + 12345) % 2147483647 FROM numbers), \
         squares (i, x) AS (SELECT i, (x * x) % 2147483647 FROM steps), \
         drawn (i, a, b) AS (SELECT i, x / 65536, ((x * x) % 2147483647) / 65536 FROM squares) "
    };
}

/// The number `i` as the last twelve digits of an id.
macro_rules! digits {
    ($number:literal) => {
        concat!("SUBSTR(CAST(1000000000000 + ", $number, " AS TEXT), 2)")
    };
}

macro_rules! user_id {
    ($number:literal) => {
        concat!("'01890000-0000-7000-8000-' || ", digits!($number))
    };
}

macro_rules! organization_id {
    ($number:literal) => {
        concat!("'01890000-0000-7000-a000-' || ", digits!($number))
    };
}

macro_rules! line_id {
    ($number:literal) => {
        concat!("'01890000-0000-7000-9000-' || ", digits!($number))
    };
}

macro_rules! session_id {
    ($number:literal) => {
        concat!("'01890000-0000-7000-b000-' || ", digits!($number))
    };
}

const USERS: &str = concat!(
    drawn!(),
    "INSERT INTO users (id, email, name, locale, password_hash, email_verified_at, created_at) SELECT ",
    user_id!("i"),
    ", 'user' || CAST(i AS TEXT) || '@example.com', \
     RTRIM(SUBSTR($6, CAST(a % 32 AS INTEGER) * 8 + 1, 8)) || ' ' || RTRIM(SUBSTR($7, CAST(b % 32 AS INTEGER) * 8 + 1, 8)), \
     CASE a % 4 WHEN 0 THEN 'fr' ELSE 'en' END, $8, moment, moment \
     FROM (SELECT i, a, b, $5 - ($4 - i) * 94608000000 / $4 AS moment FROM drawn) made WHERE i >= 0 \
     ON CONFLICT DO NOTHING"
);

const ORGANIZATIONS: &str = concat!(
    drawn!(),
    "INSERT INTO organizations (id, slug, name, created_at) SELECT ",
    organization_id!("i"),
    ", 'team-' || CAST(i AS TEXT), RTRIM(SUBSTR($6, CAST(a % 32 AS INTEGER) * 8 + 1, 8)) || \
     CASE b % 4 WHEN 0 THEN ' Works' WHEN 1 THEN ' & Sons' WHEN 2 THEN ' Group' ELSE ' Labs' END, \
     $5 - ($4 - i) * 94608000000 / $4 FROM drawn WHERE i >= 0 ON CONFLICT DO NOTHING"
);

/// Account `i` of `$4` belongs to organization `i * $6 / $4`, whose first one owns it; every eighth belongs nowhere.
const MEMBERSHIPS: &str = concat!(
    drawn!(),
    "INSERT INTO memberships (organization_id, user_id, role, department, joined_at) SELECT ",
    organization_id!("i * $6 / $4"),
    ", ",
    user_id!("i"),
    ", CASE WHEN (i * $6) % $4 < $6 THEN 'owner' WHEN b % 20 = 0 THEN 'admin' WHEN b % 5 = 1 THEN 'viewer' ELSE 'member' END, \
     CASE b % 4 WHEN 0 THEN 'Engineering' WHEN 1 THEN 'Finance' WHEN 2 THEN 'Sales' ELSE NULL END, \
     $5 - ($4 - i) * 94608000000 / $4 FROM drawn WHERE (i * $6) % $4 < $6 OR a % 8 <> 0 ON CONFLICT DO NOTHING"
);

/// Every tenth account signed in once within the last 30 days.
const SESSIONS: &str = concat!(
    drawn!(),
    "INSERT INTO sessions (id, user_id, method, device, address, created_at, authenticated_at, expires_at) SELECT ",
    session_id!("i"),
    ", ",
    user_id!("i"),
    ", CASE a % 10 WHEN 0 THEN 'passkey' WHEN 1 THEN 'passkey' WHEN 2 THEN 'provider:google' ELSE 'pwd' END, \
     CASE b % 3 WHEN 0 THEN 'Firefox on Linux' WHEN 1 THEN 'Safari on macOS' ELSE 'Chrome on Windows' END, \
     '192.0.2.' || CAST(a % 254 + 1 AS TEXT), moment, moment, moment + 7776000000 \
     FROM (SELECT i, a, b, $4 - (a % 30) * 86400000 - b * 2636 AS moment FROM drawn) made WHERE i % 10 = 0 \
     ON CONFLICT DO NOTHING"
);

const FIRST_TOKENS: &str = concat!(
    drawn!(),
    "INSERT INTO refresh_tokens (digest, session_id, generation, issued_at, address, device) SELECT 'seed-' || ",
    session_id!("i"),
    ", ",
    session_id!("i"),
    ", 0, $4 - (a % 30) * 86400000 - b * 2636, NULL, NULL FROM drawn WHERE i % 10 = 0 ON CONFLICT DO NOTHING"
);

/// Ten thousand lines that follow each other are about five thousand accounts that do. `$6` lines in a year.
const AUDIT_LINES: &str = concat!(
    drawn!(),
    "INSERT INTO audit_events (id, at, kind, outcome, topic, user_id, session_id, address, device, request_id) SELECT ",
    line_id!("i"),
    ", $5 - ($6 - i) * 31536000000 / $6, \
     CASE WHEN draw < 13 THEN 'session.started' WHEN draw < 16 THEN 'session.refused' WHEN draw < 17 THEN 'factor.asked' \
     WHEN draw < 18 THEN 'session.signed_out' WHEN draw < 19 THEN 'user.name_changed' ELSE 'user.password_changed' END, \
     CASE WHEN draw >= 13 AND draw < 16 THEN 'refused' ELSE 'done' END, \
     CASE WHEN draw < 18 THEN 'sign_in' WHEN draw < 19 THEN 'profile' ELSE 'password' END, ",
    user_id!("(i / 10000 * 5000 + i % 5000) % $4"),
    ", NULL, '192.0.2.' || CAST(a % 254 + 1 AS TEXT), \
     CASE b % 3 WHEN 0 THEN 'Firefox on Linux' WHEN 1 THEN 'Safari on macOS' ELSE 'Chrome on Windows' END, 'seed' \
     FROM (SELECT i, a, b, (a + b) % 20 AS draw FROM drawn) made WHERE i >= 0 ON CONFLICT DO NOTHING"
);

impl Store {
    /// Whether somebody has an account who was not made here.
    pub async fn has_real_accounts(&self) -> Result<bool> {
        let row = sqlx::query(
            "SELECT id FROM users WHERE NOT (id LIKE '01890000-0000-7000-8000-%' AND email LIKE 'user%@example.com') \
             LIMIT 1",
        )
        .fetch_optional(&mut *self.read.get().await?)
        .await?;
        Ok(row.map(|row| row.try_get::<String, _>("id")).transpose()?.is_some())
    }
}

impl Transaction {
    /// Makes accounts.
    pub async fn seed_users(&mut self, batch: Batch, words: &SeedWords<'_>) -> Result<u64> {
        let Batch { from, to, seed, users, now } = batch;
        let statement = sqlx::query(USERS)
            .bind(from)
            .bind(to)
            .bind(seed)
            .bind(users)
            .bind(now.0)
            .bind(words.first_names)
            .bind(words.last_names)
            .bind(words.password_hash);
        Ok(statement.execute(&mut *self.0).await?.rows_affected())
    }

    /// Makes organizations, of so many.
    pub async fn seed_organizations(&mut self, batch: Batch, all: i64, words: &SeedWords<'_>) -> Result<u64> {
        let Batch { from, to, seed, now, .. } = batch;
        let statement =
            sqlx::query(ORGANIZATIONS).bind(from).bind(to).bind(seed).bind(all).bind(now.0).bind(words.last_names);
        Ok(statement.execute(&mut *self.0).await?.rows_affected())
    }

    /// Puts accounts into so many organizations.
    pub async fn seed_memberships(&mut self, batch: Batch, organizations: i64) -> Result<u64> {
        let Batch { from, to, seed, users, now } = batch;
        let statement =
            sqlx::query(MEMBERSHIPS).bind(from).bind(to).bind(seed).bind(users).bind(now.0).bind(organizations);
        Ok(statement.execute(&mut *self.0).await?.rows_affected())
    }

    /// Makes sessions of accounts, each with its first token; nobody has these tokens.
    pub async fn seed_sessions(&mut self, batch: Batch) -> Result<u64> {
        let Batch { from, to, seed, now, .. } = batch;
        for statement in [SESSIONS, FIRST_TOKENS] {
            sqlx::query(statement).bind(from).bind(to).bind(seed).bind(now.0).execute(&mut *self.0).await?;
        }
        Ok(u64::try_from(to - from).unwrap_or_default())
    }

    /// Writes lines of the audit log, of so many.
    pub async fn seed_audit_lines(&mut self, batch: Batch, all: i64) -> Result<u64> {
        let Batch { from, to, seed, users, now } = batch;
        let statement = sqlx::query(AUDIT_LINES).bind(from).bind(to).bind(seed).bind(users).bind(now.0).bind(all);
        Ok(statement.execute(&mut *self.0).await?.rows_affected())
    }
    /// Lines of a batch that nobody proves yet. For whoever wrote them in this transaction: no other program is to see
    /// them so.
    pub async fn unproved_seed_lines(&mut self, batch: Batch) -> Result<Vec<ChainRow>> {
        sqlx::query_as::<Any, ChainRow>(concat!(
            "SELECT ",
            chain_columns!(),
            " FROM audit_events WHERE sequence IS NULL AND mac IS NULL AND id >= ",
            line_id!("$1"),
            " AND id < ",
            line_id!("$2"),
            " ORDER BY at, id"
        ))
        .bind(batch.from)
        .bind(batch.to)
        .fetch_all(&mut *self.0)
        .await
    }
}

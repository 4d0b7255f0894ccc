//! What a failure of the database means: another one was faster or waits, or the database cannot be used at all. Either
//! way nothing is wrong with what was asked, and asking again later helps. SQLite tells extended result codes, PostgreSQL
//! SQLSTATE (its appendix A).

use std::borrow::Cow;
use std::io;

use sqlx::error::DatabaseError;

/// Classes of SQLSTATE: connections that break, who is not let in, and resources that are used up (53100: the disk).
const CLASSES: [&str; 3] = ["08", "28", "53"];
/// The server stops, crashed or starts; a disk fails; it is a copy that only reads, as after a change of leaders; it ended
/// a transaction in which nothing was asked for too long.
const STATES: [&str; 6] = ["57P01", "57P02", "57P03", "58030", "25006", "25P03"];
/// The file cannot be written, read, or opened, or has no room: `SQLITE_READONLY`, `SQLITE_IOERR`, `SQLITE_FULL`, and
/// `SQLITE_CANTOPEN`.
const PRIMARY: [i64; 4] = [8, 10, 13, 14];
const SQLITE_BUSY: i64 = 5;
/// What PostgreSQL says to whoever connects while its disk is full and it has no list of its own tables there: versions that
/// call it an internal error (XX000) do so in words that they do not translate.
const NO_ROOM_TO_CONNECT: &str = "could not write init file";

/// The failure of a batch, once for everybody in it.
pub(super) fn like(error: &sqlx::Error) -> sqlx::Error {
    match error {
        sqlx::Error::PoolTimedOut => sqlx::Error::PoolTimedOut,
        error if is_busy(error) || is_deadlock(error) => sqlx::Error::PoolTimedOut,
        error if is_unavailable(error) => sqlx::Error::Io(io::Error::other(error.to_string())),
        error => sqlx::Error::Protocol(error.to_string()),
    }
}

/// Whether whoever waits behind this one would hear the same, and has waited for as long.
pub(super) fn is_stuck(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::PoolTimedOut) || is_busy(error) || is_deadlock(error) || is_unavailable(error)
}

/// Whether SQLite waited for another program's lock in vain: `SQLITE_BUSY` and its kin.
pub fn is_busy(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| primary(&code) == Some(SQLITE_BUSY))
}

/// Whether PostgreSQL ended the transaction because of another one, or the statement because it took too long:
/// `deadlock_detected`, `serialization_failure`, `lock_not_available` after `lock_timeout`, and `query_canceled` after
/// `statement_timeout`.
pub fn is_deadlock(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| ["40P01", "40001", "55P03", "57014"].contains(&&*code))
}

/// Whether the database is gone, is just starting or stopping, or takes nothing more.
pub fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => true,
        error if has_no_room_to_connect(error) => true,
        error => code(error).is_some_and(|code| match primary(&code) {
            Some(primary) => PRIMARY.contains(&primary),
            None => STATES.contains(&&*code) || CLASSES.iter().any(|class| code.starts_with(class)),
        }),
    }
}

fn has_no_room_to_connect(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|told| told.code().as_deref() == Some("XX000") && told.message().starts_with(NO_ROOM_TO_CONNECT))
}

/// Whether there is no such table: `undefined_table` of PostgreSQL. SQLite has one code for every mistake in a statement, and tells
/// them apart by words.
pub(super) fn is_no_table(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|told| match told.code().as_deref() {
        Some("1") => told.message().starts_with("no such table"),
        code => code == Some("42P01"),
    })
}

fn code(error: &sqlx::Error) -> Option<Cow<'_, str>> {
    error.as_database_error().and_then(DatabaseError::code)
}

/// The result code of SQLite without what extends it. Codes of PostgreSQL have five characters, some of which would look
/// like it.
fn primary(code: &str) -> Option<i64> {
    (code.len() < 5).then(|| code.parse::<i64>().ok()).flatten().map(|code| code & 0xff)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A failure as a driver tells it.
    #[derive(Debug, thiserror::Error)]
    #[error("{1}")]
    struct Told(&'static str, &'static str);

    impl DatabaseError for Told {
        fn message(&self) -> &str {
            self.1
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(Cow::Borrowed(self.0))
        }

        fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> sqlx::error::ErrorKind {
            sqlx::error::ErrorKind::Other
        }
    }

    fn told(code: &'static str) -> sqlx::Error {
        told_in_words(code, "out of order")
    }

    fn told_in_words(code: &'static str, words: &'static str) -> sqlx::Error {
        sqlx::Error::Database(Box::new(Told(code, words)))
    }

    #[test]
    fn a_database_that_is_gone_starts_or_is_full_is_told_from_a_mistake() {
        // A disk that is full, one that fails (extended: 778 is SQLITE_IOERR_WRITE), a server that stops or starts.
        for code in ["13", "10", "778", "14", "8", "53100", "53300", "57P01", "57P03", "08006", "28P01"] {
            assert!(is_unavailable(&told(code)) && !is_busy(&told(code)) && !is_deadlock(&told(code)), "{code}");
        }
        // A constraint (of SQLite extended, too), a mistake in a statement.
        for code in ["19", "2067", "1", "23505", "42601", "P0001", "22001"] {
            assert!(!is_unavailable(&told(code)) && !is_busy(&told(code)) && !is_deadlock(&told(code)), "{code}");
        }
        for code in ["5", "261", "517"] {
            assert!(is_busy(&told(code)) && !is_unavailable(&told(code)), "{code}");
        }
        for code in ["40P01", "40001", "55P03", "57014"] {
            assert!(is_deadlock(&told(code)) && !is_unavailable(&told(code)), "{code}");
        }
        assert!(is_unavailable(&told_in_words("XX000", NO_ROOM_TO_CONNECT)), "nobody can connect on a full disk");
        assert!(!is_unavailable(&told("XX000")), "another internal error is a mistake");
        assert!(is_unavailable(&sqlx::Error::Io(io::ErrorKind::ConnectionReset.into())));
        assert!(!is_unavailable(&sqlx::Error::RowNotFound));
    }

    #[test]
    fn a_table_that_is_not_there_is_told_from_a_database_that_does_not_answer() {
        assert!(is_no_table(&told("42P01")));
        for code in ["1", "5", "10", "11", "26", "42501", "42703", "57P01", "53300"] {
            assert!(!is_no_table(&told(code)), "{code}");
        }
        assert!(!is_no_table(&sqlx::Error::PoolTimedOut));
    }

    #[test]
    fn everybody_in_a_batch_hears_the_same() {
        assert!(matches!(like(&told("5")), sqlx::Error::PoolTimedOut));
        assert!(matches!(like(&told("55P03")), sqlx::Error::PoolTimedOut));
        assert!(is_unavailable(&like(&told("13"))) && is_unavailable(&like(&told("57P01"))));
        assert!(!is_unavailable(&like(&told("23505"))));
    }
}

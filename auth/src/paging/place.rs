//! What a cursor says: the moment and the id of a row. Rows of one moment are told apart by their ids.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::{Cursor, Page};
use crate::{ErrorCode, Timestamp};

/// Rows of a page.
const PAGE_SIZE: u16 = 50;
/// Longest cursor that is looked at.
const MAX_LENGTH: usize = 128;

/// A place in a list that is sorted by moment and id, newest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The moment of the last row that was shown.
    pub at: Timestamp,
    /// Its id.
    pub id: String,
}

/// Rows and items of a page at most.
pub(crate) fn most_of_a_page() -> usize {
    usize::from(PAGE_SIZE)
}

/// Rows to ask the store for: one more than a page has tells whether another page follows.
pub fn rows_to_ask() -> i64 {
    i64::from(PAGE_SIZE) + 1
}

impl Place {
    /// The place a cursor names; the beginning without one.
    ///
    /// # Errors
    /// [`ErrorCode::MalformedRequest`] when no list of ours gave this cursor.
    pub fn of(after: Option<Cursor>) -> Result<Self, ErrorCode> {
        match after {
            Some(Cursor(text)) => Self::read(&text).ok_or(ErrorCode::MalformedRequest),
            None => Ok(Self { at: Timestamp(i64::MAX), id: String::new() }),
        }
    }

    fn read(text: &str) -> Option<Self> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        let plain = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (at, id) = plain.split_once('.')?;
        // A database need not take every text: PostgreSQL refuses a zero byte.
        Some(Self { at: Timestamp(at.parse().ok()?), id: Uuid::try_parse(id).ok()?.to_string() })
    }

    /// The cursor that names this place.
    pub(crate) fn cursor(&self) -> Cursor {
        Cursor(BASE64_URL_SAFE_NO_PAD.encode(format!("{}.{}", self.at.0, self.id)))
    }
}

impl<T> Page<T> {
    /// A page that was put together elsewhere, and where the list goes on.
    pub(crate) fn up_to(items: Vec<T>, next: Option<&Place>) -> Self {
        Self { items, next: next.map(Place::cursor) }
    }

    /// The page of the rows that were asked for. A row may be none of the reader's business and
    /// become no item.
    pub(crate) fn of<R>(mut rows: Vec<R>, place: impl Fn(&R) -> Place, item: impl Fn(R) -> Option<T>) -> Self {
        let more_follow = rows.len() > usize::from(PAGE_SIZE);
        rows.truncate(usize::from(PAGE_SIZE));
        let last = rows.last().filter(|_| more_follow);
        let next = last.map(|row| place(row).cursor());
        Self { items: rows.into_iter().filter_map(item).collect(), next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn page(rows: usize) -> Page<usize> {
        Page::of((0..rows).collect(), |_| Place { at: Timestamp(7), id: ID.into() }, Some)
    }

    #[test]
    fn a_full_page_without_another_row_is_the_last() {
        assert_eq!((page(50).items.len(), page(50).next), (50, None));
        let followed = page(51);
        assert_eq!(followed.items.len(), 50);
        let place = Place::of(followed.next).ok().unwrap();
        assert_eq!((place.at, place.id.as_str()), (Timestamp(7), ID));
        assert!(page(0).next.is_none());
    }

    #[test]
    fn a_cursor_of_somebody_elses_making_is_refused() {
        let encoded = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        for bad in [
            String::new(),
            "\0".into(),
            "%%%".into(),
            encoded(""),
            encoded("7"),
            encoded(&format!("x.{ID}")),
            encoded(&format!("99999999999999999999.{ID}")),
            encoded("7.\0"),
            encoded(&format!("7.{ID}\0")),
            encoded(&format!("7.{ID}.")),
            format!("{}=", encoded(&format!("7.{ID}"))),
            "A".repeat(60_000),
        ] {
            assert_eq!(Place::of(Some(Cursor(bad.clone()))).err(), Some(ErrorCode::MalformedRequest), "{bad:.80}");
        }
    }
}

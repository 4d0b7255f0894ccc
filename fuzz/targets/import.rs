//! Files of accounts of another system: CSV, JSON lines, and the hashes in them.

use std::collections::HashSet;

use auth::password::imported_hash::{HashText, ImportedHash};
use auth::{Email, Timestamp};

use crate::program::user_import::options::Format;
use crate::program::user_import::rows::Rows;

const NOW: Timestamp = Timestamp(1_800_000_000_000);

pub fn fuzz(data: &[u8]) {
    let Some((part, data)) = data.split_first() else { return };
    match part % 3 {
        0 => hash(data),
        part => file(part == 1, data),
    }
}

fn hash(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let parsed = ImportedHash::parse(text).map(drop);
    let kept = HashText::parse(text);
    assert_eq!(parsed.err(), kept.as_ref().err().copied());
    if let Ok(kept) = kept {
        assert_eq!(kept.as_str(), text, "it is kept as it stands");
        assert!(!text.contains('\0') && text.len() <= 1024);
    }
}

fn file(is_csv: bool, data: &[u8]) {
    let (mut last, mut known) = (0, HashSet::new());
    let format = if is_csv { Format::Csv } else { Format::JsonLines };
    let rows = Rows::begin(format, data, NOW).into_iter().flatten();
    for row in rows.map_while(Result::ok) {
        assert!(row.line > last, "lines are told in their order");
        last = row.line;
        let Ok(user) = row.user else { continue };
        let address = user.email.to_string();
        assert!(Email::parse(&address).is_ok_and(|email| email.as_str() == address));
        assert!(known.insert(address), "an address makes one account");
    }
    let lines = 1 + data.iter().filter(|byte| **byte == b'\n').count();
    assert!(usize::try_from(last).is_ok_and(|last| last <= lines));
}

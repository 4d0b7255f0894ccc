//! Files of accounts of another system: CSV, JSON lines, and the hashes in them.

use std::collections::HashSet;

use auth::password::imported_hash::{HashText, ImportedHash};
use auth::{Email, Timestamp};
use server::command::fuzzed_import::rows;

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
    for (line, address) in rows(is_csv, data, NOW).unwrap_or_default() {
        assert!(line > last, "lines are told in their order");
        last = line;
        let Some(address) = address else { continue };
        assert!(Email::parse(&address).is_ok_and(|email| email.as_str() == address));
        assert!(known.insert(address), "an address makes one account");
    }
    let lines = 1 + data.iter().filter(|byte| **byte == b'\n').count();
    assert!(usize::try_from(last).is_ok_and(|last| last <= lines));
}

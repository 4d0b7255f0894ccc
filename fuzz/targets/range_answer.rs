//! What a service of leaked passwords answers: lines with the rest of a digest, and how often it leaked.

use auth::password::fuzzed::is_named;

/// The rest of a digest, as it is sought.
const SUFFIX: &str = "AD6438836DBE526AA231ABDE2D0EEF74D42";
/// A line that says nothing, as services add some.
const PADDING: &str = "0018A45C4D1DEF81644B54AB7F969B88D65:0";

pub fn fuzz(data: &[u8]) {
    let Ok(answer) = std::str::from_utf8(data) else { return };
    let Some(found) = is_named(answer, SUFFIX) else { return };
    let mut is_there = false;
    for line in answer.lines() {
        let (listed, count) = line.split_once(':').expect("each line has a count");
        assert!(listed.len() == SUFFIX.len() && listed.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
        let is_nothing = count.trim().trim_start_matches('+').bytes().all(|byte| byte == b'0');
        is_there |= listed.to_ascii_uppercase() == SUFFIX && !is_nothing;
    }
    assert_eq!(found, is_there);
    let gap = if answer.is_empty() || answer.ends_with('\n') { "" } else { "\n" };
    assert_eq!(is_named(&format!("{answer}{gap}{PADDING}"), SUFFIX), Some(found), "padding tells nothing");
}

//! The text of policies, as an administrator writes it. What is wrong is told at a place that there is.

use auth::policy::fuzzed::faults;

/// Bytes that are looked at. Without optimisation the reader takes its time for more.
const LONGEST: usize = 1500;

pub fn fuzz(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(&data[..data.len().min(LONGEST)]) else { return };
    let told = faults(text);
    assert!(told.len() <= 50);
    let lines = text.split('\n').count();
    for fault in &told {
        let line = usize::try_from(fault.line).expect("a number of lines");
        assert!((1..=lines).contains(&line) && fault.column >= 1, "{fault:?}");
        assert!(!fault.message.is_empty());
    }
    assert_eq!(faults(text).is_empty(), told.is_empty());
}

//! What `bin/fuzz` asks of the reader of a range service's answers. Compiled for it alone.

use super::range_service::is_in;

/// Whether an answer names the rest of a digest; none when it is broken.
pub fn is_named(answer: &str, suffix: &str) -> Option<bool> {
    is_in(answer, suffix).ok()
}

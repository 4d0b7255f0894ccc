//! What `bin/fuzz` asks of the reader of policies. Compiled for it alone.

use super::read_beside;
use crate::view::PolicyFault;

/// What is wrong with a text of policies; nothing with one that can be a version.
///
/// # Panics
/// When there is no thread to read it on.
pub fn faults(text: &str) -> Vec<PolicyFault> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime of one thread");
    let read = runtime.block_on(read_beside(text.to_owned())).expect("a thread to read on");
    read.err().unwrap_or_default()
}

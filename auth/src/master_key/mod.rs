//! The life of the master key: which one a database needs, who seals with which, and the keys that lie sealed under it
//! (NIST SP 800-57 Part 1; ASVS 5.0, 11.1.1, 11.2.2). `docs/keys.md` says it to operators.
//!
//! The settings have a ring: one key seals, others only open. The table `master_keys` has the name of each that something
//! is sealed under, so a program whose ring lacks one does not start. `reseal.rs` seals values anew, and
//! `flow/rotate_master_key.rs` does it with all of them.

mod needed;
mod open;
mod reseal;
mod watch;

pub use needed::{MissingMasterKey, check};
pub(crate) use open::open;
pub(crate) use reseal::{Round, reseal};

/// How often a node tells which key it seals with.
const TOLD_SECONDS: i64 = 30;

/// A key that no node told of for so long seals nothing any more. Clocks of nodes may differ by half a minute.
pub const QUIET_SECONDS: i64 = 4 * TOLD_SECONDS;

//! The audit log: a line for each act that matters to security, with who did it, to whom, and what changed.
//!
//! A line is written in the transaction of its act, with a keyed digest that only this program can make (`proof.rs`).
//! A moment later it is sealed: it gets the next number and the hash of the line before it (`seal.rs`), so that sign-ins
//! never wait for each other's lines. `verify.rs` walks along the chain and finds what is not as it was written. What is
//! personal goes with its person (`erase.rs`), what is old by the setting (`cut.rs`), and the chain stays whole.

mod line;

#[cfg(feature = "engine")]
mod chain;
#[cfg(feature = "engine")]
mod cut;
#[cfg(feature = "engine")]
mod erase;
#[cfg(feature = "engine")]
mod proof;
#[cfg(feature = "engine")]
mod refusals;
#[cfg(feature = "engine")]
mod seal;
#[cfg(feature = "engine")]
mod verify;
#[cfg(feature = "engine")]
mod walk;
#[cfg(feature = "engine")]
mod watch;

pub use line::{AuditLine, Change, Outcome};

#[cfg(feature = "engine")]
pub(crate) use erase::erase_person;
#[cfg(feature = "engine")]
pub use proof::LineProof;
#[cfg(feature = "engine")]
pub(crate) use proof::{Said, prove};
#[cfg(feature = "engine")]
pub(crate) use refusals::Refusals;
#[cfg(feature = "engine")]
pub use verify::AuditHead;
#[cfg(feature = "engine")]
pub(crate) use verify::{Reach, verify};
#[cfg(feature = "engine")]
pub(crate) use watch::AuditWatch;

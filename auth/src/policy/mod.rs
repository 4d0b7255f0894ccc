//! Who may do what, decided in one place: [`crate::Auth::decide`]. RBAC says what a role grants; policies, which are
//! attribute-based, may allow more and forbid (NIST SP 800-162). Deny by default, and `forbid` wins.
//!
//! Policies are written in Cedar (<https://docs.cedarpolicy.com>), which has neither loops nor calls of its own: what is
//! evaluated ends. Those that protect the product are built in; an administrator adds others, version by version. The
//! active ones are in memory, so that a decision reads no database.

mod act;
mod asked;
mod built_in;
mod case;
mod check;
mod compiled;
mod decide;
mod deep_stack;
mod diff;
mod explain;
#[cfg(fuzzing)]
pub mod fuzzed;
mod guard;
mod known;
mod learn_policies;
mod lockout;
mod matrix;
mod nesting;
mod position;
mod principal;
mod read;
mod schema;
mod scope;
mod slices;

pub use act::{Act, ActContext, Decision, Principal, Resource};
pub use built_in::{BUILT_IN_TEXTS, WORKING_HOURS};
pub(crate) use case::{act_named, act_of};
pub(crate) use check::{Checked, check_beside, read_beside};
pub(crate) use compiled::Compiled;
pub(crate) use diff::diff;
pub(crate) use known::Policies;
use lockout::who_locks_out;
pub(crate) use matrix::matrix;
use read::read;
pub use schema::SCHEMA;

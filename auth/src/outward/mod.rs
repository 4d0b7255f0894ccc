//! Asking machines elsewhere, at addresses that others chose: which are asked, and how a client is made that asks no
//! other. Providers to sign in with and webhooks use it.

mod allowed;
mod client;
#[cfg(fuzzing)]
pub mod fuzzed;
mod guard;
mod names;

pub use allowed::AllowedHosts;
pub(crate) use client::client;
pub(crate) use guard::{BadAddress, Guard};
pub(crate) use names::GuardedNames;
pub use names::{HostNames, LookUp, SystemNames};

//! The worker: does what the outbox promised, at least once, with patience. And housekeeping.

mod account_recoveries;
mod housekeeping;
mod provider_tokens;
mod worker;

pub use worker::Worker;

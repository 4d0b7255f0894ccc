//! The worker: does what the outbox promised, at least once, with patience. And housekeeping.

mod account_recoveries;
mod domains;
mod housekeeping;
mod nodes;
mod provider_tokens;
mod proxy_findings;
pub(crate) mod statistics;
mod webhooks;
mod worker;

pub use worker::Worker;

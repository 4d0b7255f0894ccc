//! The worker: does what the outbox promised, at least once, with patience. And housekeeping.

mod account_recoveries;
mod backups;
mod clock;
mod domains;
mod housekeeping;
mod nodes;
mod provider_tokens;
mod proxy_findings;
pub(crate) mod statistics;
mod webhooks;
mod worker;

pub use backups::BackupPlan;
pub use worker::Worker;
pub(crate) use worker::{CLAIM_SECONDS, LONGEST_DELAY_SECONDS};

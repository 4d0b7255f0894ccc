//! The worker: does what the outbox promised, at least once, with patience. And housekeeping.

mod housekeeping;
mod worker;

pub use worker::Worker;

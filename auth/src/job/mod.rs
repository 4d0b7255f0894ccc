//! The worker: does what the outbox promised, at least once, with patience.

mod worker;

pub use worker::Worker;

//! An act on several accounts: shown first, and done then.

mod act;
mod preview;

pub use act::bulk_act;
pub use preview::bulk_preview;

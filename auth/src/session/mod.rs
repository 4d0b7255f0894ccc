//! Sessions that were ended while their access tokens still live, and who is calling.

mod caller;
mod revocations;

pub use caller::Caller;
pub use revocations::Revocations;

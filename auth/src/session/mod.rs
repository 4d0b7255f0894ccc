//! What is over while its access tokens still live, who is calling, and what they may see of themselves.

mod caller;
mod recent;
mod recent_me;
mod revocations;

pub use caller::Caller;
pub(crate) use recent_me::People;
pub use revocations::Revocations;

//! Sessions that were ended while their access tokens still live, and who is calling.

mod actor;
mod caller;
mod revocations;
mod token_caller;

pub use actor::Actor;
pub use caller::Caller;
pub use revocations::Revocations;
pub use token_caller::{TokenCaller, TokenUses};

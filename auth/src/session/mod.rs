//! What is over while its access tokens still live, who is calling, and what they may see of themselves.

mod actor;
mod around;
mod caller;
mod recent;
mod recent_me;
mod revocations;
mod token_caller;

pub use actor::Actor;
pub use around::Around;
pub use caller::{Caller, Impersonation};
pub(crate) use recent_me::People;
pub use revocations::Revocations;
pub use token_caller::{TokenCaller, TokenUses};

//! Access tokens: JWT signed with Ed25519 (RFC 9068, RFC 8725), and the key behind them.

mod access;
mod key;
mod verified;

pub use access::{AccessTokens, Claims};
pub use key::SigningKey;
pub(crate) use verified::{Verified, VerifiedTokens};

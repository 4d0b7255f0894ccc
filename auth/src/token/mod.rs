//! Access tokens: JWT signed with Ed25519 (RFC 9068, RFC 8725), and the key behind them. Personal access
//! tokens of programs, which are no JWT.

mod access;
mod key;
mod personal;

pub use access::{AccessTokens, Claims};
pub use key::SigningKey;
pub use personal::PersonalToken;

//! Access tokens: JWT by the book (RFC 9068, RFC 8725), and the keys behind them.

mod access;
mod claims;
mod key;
pub mod strict_json;
mod verify;

pub use access::AccessTokens;
pub use claims::Claims;
pub use key::SigningKey;
pub use verify::{Expected, Fault, LEEWAY, LONGEST_LIFE, MAX_LENGTH, Opened, VerifyingKey, open, verify};

//! Access tokens: JWT by the book (RFC 9068, RFC 8725), and the keys behind them. Personal access tokens of
//! programs, which are no JWT.

mod access;
mod algorithm;
mod claims;
mod hs256_secret;
mod key;
mod keys;
mod known_key;
mod learn_keys;
mod personal;
mod private_key;
mod proved;
mod public_key;
mod published_keys;
mod rights;
mod ring;
pub mod strict_json;
mod vault;
mod verified;
mod verify;

pub use access::AccessTokens;
pub use algorithm::Algorithm;
pub use claims::{ActingParty, Claims};
pub use hs256_secret::Hs256Secret;
pub use key::SigningKey;
pub use keys::Keys;
pub(crate) use known_key::SPREAD_SECONDS;
pub use personal::PersonalToken;
pub use published_keys::PublishedKeys;
pub(crate) use rights::Rights;
pub use ring::KeyRing;
pub(crate) use vault::KeyVault;
pub(crate) use verified::{Verified, VerifiedTokens};
pub use verify::{Expected, Fault, LEEWAY, LONGEST_LIFE, MAX_LENGTH, Opened, VerifyingKey, open, verify};

//! Sign-ins that look unusual: what is odd about each, as points with their reasons (ASVS 5.0, 6.3.5). What is decided here is pure; `flow/unusual_sign_in.rs` gathers the signs and acts on them.

mod outcome;
mod reason;

#[cfg(feature = "engine")]
mod announced;
#[cfg(feature = "engine")]
mod client;
#[cfg(feature = "engine")]
mod geo;
#[cfg(feature = "engine")]
mod score;
#[cfg(feature = "engine")]
mod settings;
#[cfg(feature = "engine")]
mod travel;

pub use outcome::AnomalyOutcome;
pub use reason::AnomalyReason;

#[cfg(feature = "engine")]
pub use announced::Announced;
#[cfg(feature = "engine")]
pub(crate) use client::client_of;
#[cfg(feature = "engine")]
pub use geo::{GeoDatabase, Place};
#[cfg(feature = "engine")]
pub use score::{ASKS_FROM, MOST_POINTS, Score, Signals, score, score_of_reuse};
#[cfg(feature = "engine")]
pub use settings::AnomalySettings;
#[cfg(feature = "engine")]
pub use travel::{Travel, kilometres_between};

//! Second factors: what proves a person beside, or instead of, the password (NIST SP 800-63B-4, 3.1; ASVS 5.0, V6).
//!
//! Without the feature `engine` only their names are here.

mod ladder;
mod method;
#[cfg(feature = "engine")]
mod remove_all;
mod set;
mod typed_code;

pub use ladder::{Footing, Ladder, LadderRung, NextStep, Rescue, Rung};
pub use method::FactorMethod;
#[cfg(feature = "engine")]
pub(crate) use remove_all::remove_all_factors;
pub use set::Factors;
pub use typed_code::TypedCode;

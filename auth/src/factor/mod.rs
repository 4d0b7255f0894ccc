//! Second factors: what proves a person beside, or instead of, the password (NIST SP 800-63B-4, 3.1; ASVS 5.0, V6).
//!
//! Without the feature `engine` only their names are here.

mod method;
#[cfg(feature = "engine")]
pub(crate) mod policy;
mod set;
mod typed_code;

pub use method::FactorMethod;
#[cfg(feature = "engine")]
pub use policy::{FactorPolicy, SecondFactorRule, Standing};
pub use set::Factors;
pub use typed_code::TypedCode;

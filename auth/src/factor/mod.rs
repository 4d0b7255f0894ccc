//! Second factors: what proves a person beside, or instead of, the password (NIST SP 800-63B-4, 3.1; ASVS 5.0, V6).
//!
//! Without the feature `engine` only their names are here.

#[cfg(feature = "engine")]
mod bound;
#[cfg(feature = "engine")]
pub(crate) mod budget;
#[cfg(feature = "engine")]
pub(crate) mod code_enrolment;
mod ladder;
mod method;
#[cfg(feature = "engine")]
pub(crate) mod notice;
#[cfg(feature = "engine")]
pub(crate) mod passkey;
#[cfg(feature = "engine")]
pub(crate) mod policy;
#[cfg(feature = "engine")]
pub(crate) mod proof;
#[cfg(feature = "engine")]
mod qr;
#[cfg(feature = "engine")]
pub(crate) mod recovery_codes;
#[cfg(feature = "engine")]
mod remove_all;
#[cfg(feature = "engine")]
pub(crate) mod sent_code;
mod set;
#[cfg(feature = "engine")]
mod take_back;
#[cfg(feature = "engine")]
pub(crate) mod totp;
mod typed_code;

#[cfg(feature = "engine")]
pub use bound::Bound;
#[cfg(feature = "engine")]
pub use budget::{FREE_TRIES, seconds_locked};
pub use ladder::{Footing, Ladder, LadderRung, NextStep, Rescue, Rung};
pub use method::FactorMethod;
#[cfg(fuzzing)]
pub use passkey::fuzzed as fuzzed_passkey;
#[cfg(feature = "engine")]
pub use passkey::{PasskeyAnswer, PasskeyRequest, ProvedPasskey, RelyingParty};
#[cfg(feature = "engine")]
pub use policy::{Demand, FactorPolicy, SecondFactorRule, Standing};
#[cfg(feature = "engine")]
pub use proof::FactorProof;
#[cfg(feature = "engine")]
pub use qr::QrPicture;
#[cfg(feature = "engine")]
pub use recovery_codes::RecoveryCodes;
#[cfg(feature = "engine")]
pub(crate) use remove_all::remove_all_factors;
pub use set::Factors;
#[cfg(feature = "engine")]
pub(crate) use take_back::{TakenSince, take_back_factors};
pub use typed_code::TypedCode;

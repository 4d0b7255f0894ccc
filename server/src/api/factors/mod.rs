//! Second factors of the caller.

pub mod confirm_totp;
pub mod make_recovery_codes;
mod recovery_codes_answer;
pub mod remove_totp;
pub mod start_totp;

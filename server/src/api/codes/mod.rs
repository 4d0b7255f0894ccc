//! `/api/v1/factors/email-code` and `/api/v1/factors/phone`: codes by mail and SMS as second factors.

pub mod confirm_email_codes;
pub mod confirm_phone;
mod confirmed;
pub mod remove_phone;
pub mod request_phone;
pub mod switch_off_email_codes;
pub mod switch_on_email_codes;

//! `/api/v1/admin/mails`: mails and SMS on their way, for support.

pub mod drop;
pub mod list;
pub mod resend;

//! What every request passes on its way in and out, one concern a file. `router.rs` has the order.

pub mod body_limit;
pub mod caller;
pub mod content_security;
pub mod form_answer;
pub mod guard;
pub mod headers;
pub mod origin;
pub mod panic;
pub mod request;

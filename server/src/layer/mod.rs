//! What every request passes on its way in and out, one concern a file. `router.rs` has the order.

pub mod bearer;
pub mod body_limit;
pub mod caller;
pub mod content_security_policy;
pub mod cross_site;
pub mod explain;
pub mod fetch_metadata;
pub mod form_answer;
pub mod headers;
pub mod impersonation;
pub mod large_body;
pub mod limits;
pub mod origin;
pub mod owed_factor;
pub mod panic;
mod permissions_policy;
pub mod refused_later;
pub mod request;
pub mod signed_in_pages;

//! What every request passes on its way in and out, one concern a file. `router.rs` has the order.
//!
//! A concern is a function that is handed the request and what comes `next`, and no layer of axum: of those each copies all
//! that lie behind it, for every request.

pub mod bearer;
pub mod body_limit;
pub mod caller;
pub mod compression;
pub mod connect;
pub mod content_security_policy;
pub mod cross_site;
pub mod deadline;
pub mod explain;
pub mod fetch_metadata;
pub mod form_answer;
pub mod full_house;
pub mod headers;
pub mod impersonation;
pub mod large_body;
pub mod later_page;
pub mod limits;
pub mod no_turn;
pub mod origin;
pub mod owed_factor;
pub mod panic;
mod permissions_policy;
pub mod refused_later;
pub mod request;
pub mod signed_in_pages;

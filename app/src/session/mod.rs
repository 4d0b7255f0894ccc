//! The access token of this page: in memory only, shared between tabs, renewed without being seen.
//!
//! Nothing here ever touches a cookie, a storage or the document. The refresh token is in a cookie
//! that no script can read.

mod call;
mod client;
mod tabs;
#[cfg(feature = "hydrate")]
mod token;
#[cfg(not(feature = "hydrate"))]
mod token {
    //! A server has no token of its own: it knows the session from the request.

    /// None.
    pub fn current() -> Option<String> {
        None
    }
}

pub use call::{call, sign_in_path};
pub use client::BearerClient;
pub use tabs::{announce_session, announce_sign_out, listen_to_other_tabs};

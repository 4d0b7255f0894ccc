//! The access token of this page: in memory only, shared between tabs, renewed without being seen.
//!
//! Nothing here ever touches a cookie, a storage or the document. The refresh token is in a cookie
//! that no script can read.

#[cfg(feature = "hydrate")]
mod call;
mod client;
mod load_me;
#[cfg(feature = "hydrate")]
mod post;
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
mod way_in;

#[cfg(feature = "hydrate")]
pub use call::call;
pub use client::BearerClient;
pub use load_me::{LoadMe, load_me};
#[cfg(feature = "hydrate")]
pub use post::{Problem, post};
pub use tabs::{announce_session, announce_sign_out, ask_when_seen_again, listen_to_other_tabs};
pub use way_in::{after_sign_in, provider_path, provider_proof_path, sign_in_path, two_step_path};

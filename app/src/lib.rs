//! The pages of Keywright. The server renders them; a browser's script takes over their islands, and
//! every form works without it.

// Without `erase_components` a page is one type, as deep as its markup.
#![recursion_limit = "256"]

pub mod browser;
#[cfg(feature = "ssr")]
mod document;
pub mod error;
pub mod island;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod server;
pub mod session;
pub mod text;
pub mod ui;

#[cfg(feature = "ssr")]
pub use document::{App, shell};

/// Paths that may be seen signed out. Everything else that is a page asks for a session: a new
/// page is private until it is named here.
pub const PUBLIC_PATHS: [&str; 13] = [
    "/",
    "/sign-up",
    "/sign-in",
    TWO_STEP,
    "/verify-email",
    "/forgot-password",
    "/reset-password",
    "/not-me",
    "/undo-email-change",
    "/keep-account",
    "/recover-account",
    "/cancel-recovery",
    TOKEN_DECODER,
];

/// The page that asks for the second factor. Without the ticket of a sign-in there is nothing to see.
pub const TWO_STEP: &str = "/two-step";

/// The page that decodes a pasted token, in the browser alone.
pub const TOKEN_DECODER: &str = "/token-decoder";

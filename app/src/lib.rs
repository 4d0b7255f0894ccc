//! The pages of Keywright. The server renders them; a browser's script takes over their islands, and
//! every form works without it.

// Without `erase_components` a page is one type, as deep as its markup.
#![recursion_limit = "256"]

use auth::ProviderId;

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
#[cfg(feature = "ssr")]
pub mod site_files;
pub mod text;
pub mod ui;

#[cfg(feature = "ssr")]
pub use document::{App, shell};

/// Paths that may be seen signed out. Everything else that is a page asks for a session: a new
/// page is private until it is named here.
pub const PUBLIC_PATHS: [&str; 17] = [
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
    "/connect-account",
    "/finish-sign-up",
    "/invitation",
    "/setup",
    TOKEN_DECODER,
];

/// Whether the page of this path may be seen signed out: it is named above, says why a provider led nowhere, or asks
/// before a native app gets its code.
pub fn is_public(path: &str) -> bool {
    let of_provider = path.strip_prefix("/sign-in/with/");
    let provider = of_provider.and_then(|rest| rest.strip_suffix("/refused").or_else(|| rest.strip_suffix("/app")));
    PUBLIC_PATHS.contains(&path) || provider.is_some_and(|name| ProviderId::parse(name).is_some())
}

/// The page that asks for the second factor. Without the ticket of a sign-in there is nothing to see.
pub const TWO_STEP: &str = "/two-step";

/// The page that decodes a pasted token, in the browser alone.
pub const TOKEN_DECODER: &str = "/token-decoder";

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn a_page_is_private_unless_it_is_named() {
        for public in [
            "/sign-in",
            "/connect-account",
            "/sign-in/with/google/refused",
            "/sign-in/with/gitlab-2/refused",
            "/sign-in/with/google/app",
        ] {
            assert!(is_public(public), "{public}");
        }
        for private in [
            "/account/connections",
            "/sign-in/with/refused",
            "/sign-in/with//refused",
            "/sign-in/with/google",
            "/sign-in/with/a/b/refused",
            "/sign-in/with/app",
            "/sign-in/with/google/app/continue",
            "/sign-in/with/Google/refused",
        ] {
            assert!(!is_public(private), "{private}");
        }
    }
}

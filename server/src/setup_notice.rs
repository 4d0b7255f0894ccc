//! What the program says at its start while nobody administers it: the link that makes the first administrator. It goes
//! to standard error and past the log, whose level must not hide it and which may be kept for years.

use auth::{Auth, flow};
use secrecy::ExposeSecret;

/// Prints a new link, unless there is an administrator. A failure stops nothing: the next start tries again.
pub async fn print(auth: &Auth) {
    match flow::make_setup_link(auth).await {
        Ok(Some(link)) => eprintln!("{}", words(link.expose_secret())),
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "the link for the first administrator was not made"),
    }
}

/// The link and what to do with it.
pub fn words(link: &str) -> String {
    format!(
        "\nNobody administers Keywright yet. Open this link within 24 hours, sign up or sign in, and make your account \
         the first administrator's:\n\n  {link}\n\nIt works once. `keywright setup link` makes another one.\n"
    )
}

//! What the waiting page and the page behind the mailed link show. Nothing here changes anything.

use secrecy::SecretString;

use super::sign_up::SignUpTicket;
use crate::crypto::{Purpose, token_digest};
use crate::view::SignUpStatus;
use crate::{Auth, Email, Result};

/// Where the sign-up of this browser stands.
///
/// # Errors
/// Only when the database fails.
pub async fn sign_up_status(auth: &Auth, ticket: &SignUpTicket) -> Result<SignUpStatus> {
    let digest = token_digest(Purpose::SignUpTicket, ticket);
    let now = auth.now();
    Ok(match auth.store.sign_up_by_ticket(&digest).await? {
        Some(row) if row.used_at.is_some() => SignUpStatus::Verified { email: row.email },
        Some(row) if row.expires_at > now => {
            let left = auth.lifetimes.resend - now.seconds_since(row.sent_at);
            SignUpStatus::Waiting { email: row.email, resend_in: u32::try_from(left.max(0)).unwrap_or(0) }
        }
        _ => SignUpStatus::Gone,
    })
}

/// The address a mailed link would prove, while it still can.
///
/// # Errors
/// Only when the database fails.
pub async fn link_is_live(auth: &Auth, token: &SecretString) -> Result<Option<Email>> {
    let digest = token_digest(Purpose::VerificationLink, token);
    Ok(auth.store.link_is_live(&digest, auth.now()).await?)
}

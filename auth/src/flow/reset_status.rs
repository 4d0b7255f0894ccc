//! What the page behind a mailed link and the page that waits for the code show. Nothing here
//! changes anything: a mail scanner that opens the link uses nothing up.

use secrecy::SecretString;

use super::forgot_password::ResetTicket;
use crate::crypto::{Purpose, token_digest};
use crate::store::MAX_WRONG_CODES;
use crate::view::ResetStatus;
use crate::{Auth, Email, Result};

/// The address whose account a mailed link gives a new password, while it still can.
///
/// # Errors
/// Only when the database fails.
pub async fn reset_is_live(auth: &Auth, token: &SecretString) -> Result<Option<Email>> {
    let digest = token_digest(Purpose::PasswordResetLink, token);
    Ok(auth.store.live_reset_link(&digest, auth.now()).await?)
}

/// Where the reset that this browser asked for stands; the same whether the address has an account.
///
/// # Errors
/// Only when the database fails.
pub async fn reset_ticket_status(auth: &Auth, ticket: &ResetTicket) -> Result<ResetStatus> {
    let digest = token_digest(Purpose::PasswordResetTicket, ticket);
    Ok(match auth.store.waiting_reset(&digest, auth.now()).await? {
        Some(waiting) => ResetStatus::Waiting {
            email: waiting.email,
            tries_left: u32::try_from(MAX_WRONG_CODES - waiting.wrong_codes).unwrap_or(0),
        },
        None => ResetStatus::Gone,
    })
}

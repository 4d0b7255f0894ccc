//! What the waiting page and the page behind the mailed link show. Nothing here changes anything.

use secrecy::SecretString;
use subtle::ConstantTimeEq;

use super::sign_up::SignUpTicket;
use crate::crypto::{Purpose, token_digest};
use crate::store::LiveLink;
use crate::view::{LinkAsks, SignUpStatus};
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

/// The address a mailed link would prove, while it still can, and what is asked for besides: the password of the
/// sign-up, in any browser but the one that signed up.
///
/// # Errors
/// Only when the database fails.
pub async fn link_is_live(
    auth: &Auth,
    token: &SecretString,
    ticket: Option<&SignUpTicket>,
) -> Result<Option<(Email, LinkAsks)>> {
    let digest = token_digest(Purpose::VerificationLink, token);
    let link = auth.store.live_link(&digest, auth.now()).await?;
    Ok(link.map(|link| {
        let asks = match (is_own_link(&link, ticket), link.has_no_password) {
            (true, _) => LinkAsks::Nothing,
            (false, false) => LinkAsks::Password,
            (false, true) => LinkAsks::OwnBrowser,
        };
        (link.email, asks)
    }))
}

/// Whether this browser made the sign-up behind the link.
pub(super) fn is_own_link(link: &LiveLink, ticket: Option<&SignUpTicket>) -> bool {
    ticket.is_some_and(|ticket| {
        let digest = token_digest(Purpose::SignUpTicket, ticket);
        digest.as_bytes().ct_eq(link.ticket_digest.as_bytes()).into()
    })
}

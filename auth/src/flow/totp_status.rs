//! Where the authenticator app of the caller stands.

use super::reauthenticate::require_fresh;
use super::start_totp::TotpEnrolment;
use crate::factor::totp::{TotpSecret, waiting_place};
use crate::session::Caller;
use crate::store::MAX_WRONG_CODES;
use crate::view::{TotpStatus, WaitingTotp};
use crate::{Auth, Email, Result};

/// Since when the app works, and the secret that waits in this session for its first code.
///
/// # Errors
/// [`crate::ErrorCode::SignedOut`].
pub async fn totp_status(auth: &Auth, caller: &Caller) -> Result<TotpStatus> {
    let session = auth.session_of(caller).await?;
    let waiting = match require_fresh(auth, session).await {
        // A secret that waits is shown to whoever might begin another, and to nobody else.
        Ok(_) => auth.store.totp_enrolment(&caller.user_id, &caller.session_id, auth.now()).await?,
        Err(_) => None,
    };
    let waiting = waiting.filter(|row| row.wrong_codes < MAX_WRONG_CODES);
    Ok(TotpStatus {
        active_since: auth.store.totp_confirmed_at(&caller.user_id).await?,
        waiting: waiting.map(|row| WaitingTotp {
            sealed: row.secret_sealed,
            expires_at: row.expires_at,
            wrong_codes: row.wrong_codes,
        }),
    })
}

/// Opens a secret that waits, for the page that shows it to the caller, whose address is `account`.
///
/// # Errors
/// When it is not one of this account.
pub fn open_totp_enrolment(
    auth: &Auth,
    caller: &Caller,
    account: Email,
    waiting: &WaitingTotp,
) -> Result<TotpEnrolment> {
    let secret = TotpSecret::open(auth, &waiting_place(&caller.user_id), &waiting.sealed)?;
    TotpEnrolment::of(&secret, account, waiting.expires_at)
}

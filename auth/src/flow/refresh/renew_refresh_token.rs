//! Another refresh token after a fresh proof (ASVS 5.0, 7.2.4): whoever copied the cookie before has an old one.
//!
//! It is a rotation like every other. The token of before leads to the newest for the grace, so a tab that is on its way
//! stays signed in; after that, using it ends the session. A navigation does the same by itself (`../resume.rs`).

use secrecy::SecretString;

use super::{end_reused_family, is_within_grace, newest_of_family, rotate};
use crate::session::Caller;
use crate::{Auth, Context, Error, ErrorCode, Result};

/// Rotates the refresh token that a caller brought with their proof; none when it is of no live session, or of another
/// one: that session was not proved.
///
/// # Errors
/// [`ErrorCode::SignedOut`] when the token was used again too late; then the whole family is over.
pub async fn renew_refresh_token(
    auth: &Auth,
    caller: &Caller,
    token: &SecretString,
    context: &Context,
) -> Result<Option<SecretString>> {
    let presented = match auth.presented(token).await {
        Ok(presented) if presented.session.id == caller.session_id => presented,
        Ok(_) => return Ok(None),
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::SignedOut => return Ok(None),
        Err(error) => return Err(error),
    };
    let newest = match presented.rotated_at {
        None => token.clone(),
        // That one is older than the proof as well.
        Some(rotated_at) if is_within_grace(auth, rotated_at) => newest_of_family(auth, token, &presented)?,
        Some(_) => {
            end_reused_family(auth, &presented, context).await?;
            return Err(ErrorCode::SignedOut.into());
        }
    };
    rotate(auth, &newest, presented.elsewhere(&context.address, &context.device)).await.map(Some)
}

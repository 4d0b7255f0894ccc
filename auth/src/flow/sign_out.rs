//! Signing out: the whole refresh token family ends at once, here and on every node.

use secrecy::SecretString;

use crate::crypto::{Purpose, token_digest};
use crate::{Auth, Context, Error, ErrorCode, Result};

/// Ends the session of a refresh token. Nothing to end is no failure: the person is signed out.
///
/// # Errors
/// Only when the database fails.
pub async fn sign_out(auth: &Auth, token: &SecretString, context: &Context) -> Result<()> {
    let digest = token_digest(Purpose::RefreshToken, token);
    let Some(presented) = auth.store.refresh_token(&digest).await? else { return Ok(()) };
    let session = match auth.live_session(&presented.session_id).await {
        Ok(session) => session,
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::SignedOut => return Ok(()),
        Err(error) => return Err(error),
    };
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if tx.end_session(&session.id, "signed_out", now).await? {
        auth.audit(&mut tx, "session.signed_out", (Some(&session.user_id), Some(&session.id)), context).await?;
    }
    tx.commit().await?;
    auth.revocations.insert(session.id, now);
    Ok(())
}

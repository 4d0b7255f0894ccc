//! Signing out: the whole refresh token family ends at once, here and on every node.

use secrecy::SecretString;

use crate::{Auth, Context, Error, ErrorCode, Result};

/// Ends the session of a refresh token. Nothing to end is no failure: the person is signed out.
///
/// # Errors
/// Only when the database fails.
pub async fn sign_out(auth: &Auth, token: &SecretString, context: &Context) -> Result<()> {
    let session = match auth.presented(token).await {
        Ok(presented) => presented.session,
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

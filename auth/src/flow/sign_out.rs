//! Signing out: the whole refresh token family ends at once, here and on every node.

use secrecy::SecretString;

use super::end_impersonation::end_impersonation;
use crate::explain::{Step, note};
use crate::session::{Caller, Impersonation};
use crate::weakened::{self, Defence};
use crate::{Auth, Context, Error, ErrorCode, EventKind, Result};

/// Ends the session of a refresh token. Nothing to end is no failure: the person is signed out.
///
/// # Errors
/// Only when the database fails.
pub async fn sign_out(auth: &Auth, token: &SecretString, context: &Context) -> Result<()> {
    match auth.presented(token).await {
        Ok(presented) => {
            let session = presented.session;
            let impersonation = Impersonation::of(&session);
            let caller = Caller { user_id: session.user_id, session_id: session.id, is_limited: false, impersonation };
            sign_out_caller(auth, &caller, context).await?;
            note(|| Step::PreviousSessionEnded);
            Ok(())
        }
        Err(Error::Refused(refusal)) if refusal.code == ErrorCode::SignedOut => Ok(()),
        Err(error) => Err(error),
    }
}

/// Ends the caller's session: for programs that have an access token and no cookie.
///
/// # Errors
/// Only when the database fails.
pub async fn sign_out_caller(auth: &Auth, caller: &Caller, context: &Context) -> Result<()> {
    if caller.impersonation.is_some() {
        return match end_impersonation(auth, caller, context).await {
            Err(Error::Refused(refusal)) if refusal.code == ErrorCode::SignedOut => Ok(()),
            ended => ended.map(|_| ()),
        };
    }
    if weakened::is_off(Defence::SignOut) {
        return Ok(());
    }
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    if tx.end_session(&caller.session_id, "signed_out", now).await? {
        let subject = (Some(&caller.user_id), Some(&caller.session_id));
        auth.audit(&mut tx, EventKind::SessionSignedOut, subject, context).await?;
    }
    tx.commit().await?;
    auth.revocations.insert(caller.session_id.clone(), now);
    Ok(())
}

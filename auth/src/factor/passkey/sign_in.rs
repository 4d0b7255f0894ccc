//! A passkey as the whole sign-in (WebAuthn Level 3, 7.2): the browser finds it, and it names its account.

use super::answer::{Assertion, base64url};
use super::assert::{self, Asserted};
use super::ceremony::{self, Kind};
use super::options::user_handle;
use super::proof::{ProvedPasskey, prove};
use super::{PasskeyAnswer, PasskeyRequest, refused};
use crate::id::UserId;
use crate::store::{SignUpRow, UserRow};
use crate::{Auth, Context, Error, ErrorCode, Result};

/// Whom an answer is of.
pub(crate) enum Found {
    /// The owner of a passkey, proved.
    Owner(UserRow, ProvedPasskey),
    /// The owner of a passkey whose answer is not accepted.
    Refused(UserId),
    /// Somebody whose sign-up with this passkey waits for its address, proved.
    Waiting(SignUpRow),
    /// Nobody: there is no such passkey, or there is no more. Its id, in base64url.
    Nobody(String),
}

/// Asks for any passkey that the browser finds.
///
/// # Errors
/// [`ErrorCode::FactorUnavailable`] when there are none here.
pub(crate) async fn begin_sign_in(auth: &Auth) -> Result<PasskeyRequest> {
    let party = auth.relying_party()?;
    let begun = ceremony::begin(auth, Kind::SignIn).await?;
    let options = party.request_options(&begun.challenge, &[]);
    Ok(PasskeyRequest { ceremony: begun.ticket, options })
}

/// Takes the challenge, and finds whose the answer is.
///
/// # Errors
/// [`ErrorCode::PasskeyRefused`], whatever is wrong.
pub(crate) async fn find(auth: &Auth, answer: &PasskeyAnswer, context: &Context) -> Result<Found> {
    let party = auth.relying_party()?;
    let challenge = ceremony::take(auth, &answer.ceremony, Kind::SignIn).await?;
    let Some(answer) = Assertion::read(&answer.credential) else { return refused("it is no answer of a passkey") };
    assert::check(party, &challenge, &answer)?;
    // Nobody was named before, so the passkey must name somebody.
    let Some(handle) = answer.user_handle.as_deref().map(base64url) else { return refused("it names no account") };
    let credential_id = answer.credential_id();
    if let Some(row) = auth.store.passkey_by_credential(&credential_id).await? {
        let Some(user) = auth.store.user(&row.user_id).await? else { return refused("its account is gone") };
        // Once its day has come, an account is gone, whether its rows are or not.
        if user.delete_at.is_some_and(|at| at <= auth.now()) {
            return refused("its account is gone");
        }
        let proved = match prove(auth, &row, &user, &challenge, &answer, context).await {
            Err(Error::Refused(refusal)) if refusal.code == ErrorCode::PasskeyRefused => {
                return Ok(Found::Refused(user.id));
            }
            proved => proved?,
        };
        return Ok(Found::Owner(user, proved));
    }
    let waiting = auth.store.waiting_sign_up_by_passkey(&credential_id, auth.now()).await?;
    let Some((sign_up, waiting)) = waiting else { return Ok(Found::Nobody(credential_id)) };
    if handle != user_handle(&waiting.user_id) {
        return refused("it is of another account");
    }
    match assert::verify(party, &challenge, &answer, &waiting.passkey.credential)? {
        Asserted::Good { .. } => Ok(Found::Waiting(sign_up)),
        Asserted::CounterRegressed => Err(ErrorCode::PasskeyRefused.into()),
    }
}

//! The first passkey of an account that is not there yet. Which account it becomes is decided with the challenge: the
//! authenticator keeps its id.

use super::ceremony;
use super::options::Person;
use super::register::{FreshPasskey, register};
use super::{PasskeyAnswer, PasskeyRequest};
use crate::form::NewPasskeyAccount;
use crate::id::UserId;
use crate::{Auth, Email, Result};

/// Asks for it. Nothing is looked up: known and unknown addresses are the same here.
///
/// # Errors
/// [`crate::ErrorCode::FactorUnavailable`] when there are none here.
pub(crate) async fn begin_sign_up(auth: &Auth, account: &NewPasskeyAccount) -> Result<PasskeyRequest> {
    let party = auth.relying_party()?;
    let future = UserId(auth.random.id(auth.now()));
    let begun = ceremony::begin_sign_up(auth, &future, &account.email).await?;
    let person = Person { id: &future, email: &account.email, name: &account.name };
    let options = party.creation_options(&begun.challenge, &person, &[]);
    Ok(PasskeyRequest { ceremony: begun.ticket, options })
}

/// Takes the challenge and verifies the answer. Gives the passkey and the account it was made for.
///
/// # Errors
/// [`crate::ErrorCode::PasskeyRefused`], whatever is wrong.
pub(crate) async fn finish_sign_up(
    auth: &Auth,
    email: &Email,
    answer: &PasskeyAnswer,
) -> Result<(FreshPasskey, UserId)> {
    let party = auth.relying_party()?;
    let (challenge, future) = ceremony::take_sign_up(auth, &answer.ceremony, email).await?;
    Ok((register(party, &challenge, &answer.credential)?, future))
}

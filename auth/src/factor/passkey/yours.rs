//! One more passkey for somebody signed in.

use super::ceremony::{self, Kind};
use super::options::{Known, Person};
use super::register::{FreshPasskey, register};
use super::{PasskeyAnswer, PasskeyRequest};
use crate::factor::Bound;
use crate::session::Caller;
use crate::store::{PasskeyRow, SessionRow};
use crate::{Auth, Result};

/// Asks for a passkey that the account does not have.
///
/// # Errors
/// [`crate::ErrorCode::FactorUnavailable`] when there are none here.
pub(crate) async fn begin_new_passkey(auth: &Auth, session: &SessionRow) -> Result<PasskeyRequest> {
    let party = auth.relying_party()?;
    let rows = auth.store.passkeys_of(&session.user_id).await?;
    let known: Vec<Known<'_>> = rows.iter().map(PasskeyRow::known).collect();
    let begun = ceremony::begin(auth, Kind::Add(Bound::Session(&session.id), &session.user_id)).await?;
    let person = Person { id: &session.user_id, email: &session.email, name: &session.name };
    let options = party.creation_options(&begun.challenge, &person, &known);
    Ok(PasskeyRequest { ceremony: begun.ticket, options })
}

/// Takes the challenge and verifies the answer.
///
/// # Errors
/// [`crate::ErrorCode::PasskeyRefused`], whatever is wrong.
pub(crate) async fn finish_new_passkey(auth: &Auth, caller: &Caller, answer: &PasskeyAnswer) -> Result<FreshPasskey> {
    let party = auth.relying_party()?;
    let kind = Kind::Add(Bound::Session(&caller.session_id), &caller.user_id);
    let challenge = ceremony::take(auth, &answer.ceremony, kind).await?;
    register(party, &challenge, &answer.credential)
}

//! A passkey of somebody who is known: as a second factor, and as a fresh proof.

use super::answer::Assertion;
use super::assert::{self, Asserted};
use super::ceremony::{self, Kind};
use super::counter::tell_of_regressed_counter;
use super::options::{Known, user_handle};
use super::{PasskeyAnswer, PasskeyRequest, refused};
use crate::factor::Bound;
use crate::id::PasskeyId;
use crate::store::{PasskeyRow, Transaction, UserRow};
use crate::{Auth, Context, ErrorCode, Result};

/// A passkey whose answer was right. [`note_passkey_use`] makes it last.
pub struct ProvedPasskey {
    /// Which one.
    pub id: PasskeyId,
    /// Whether it may leave its device.
    pub is_synced: bool,
    /// As it was stored, and as it is to be from now on.
    before: String,
    after: String,
}

/// Asks for one of the account's passkeys.
///
/// # Errors
/// [`ErrorCode::FactorUnavailable`] when it has none, or there are none here.
pub(crate) async fn begin_passkey_proof(auth: &Auth, user: &UserRow, bound: &Bound<'_>) -> Result<PasskeyRequest> {
    let party = auth.relying_party()?;
    let rows = auth.store.passkeys_of(&user.id).await?;
    if rows.is_empty() {
        return Err(ErrorCode::FactorUnavailable.into());
    }
    let begun = ceremony::begin(auth, Kind::Proof(*bound, &user.id)).await?;
    let known: Vec<Known<'_>> = rows.iter().map(PasskeyRow::known).collect();
    let options = party.request_options(&begun.challenge, &known);
    Ok(PasskeyRequest { ceremony: begun.ticket, options })
}

/// Verifies the answer: takes the challenge first, whatever the answer is worth; then it must be of a passkey of this
/// account, for this challenge, with the person verified. A counter that did not go on is refused, and told.
///
/// # Errors
/// [`ErrorCode::PasskeyRefused`], whatever is wrong; [`ErrorCode::FactorUnavailable`] when there are none here.
pub(crate) async fn verify_passkey_proof(
    auth: &Auth,
    user: &UserRow,
    bound: &Bound<'_>,
    answer: &PasskeyAnswer,
    context: &Context,
) -> Result<ProvedPasskey> {
    auth.relying_party()?;
    let challenge = ceremony::take(auth, &answer.ceremony, Kind::Proof(*bound, &user.id)).await?;
    let Some(answer) = Assertion::read(&answer.credential) else { return refused("it is no answer of a passkey") };
    let found = auth.store.passkey_by_credential(&answer.credential_id()).await?;
    let Some(row) = found.filter(|row| row.user_id == user.id) else {
        return refused("it is no passkey of the account");
    };
    prove(auth, &row, user, &challenge, &answer, context).await
}

/// Verifies an answer with a passkey, whose owner is known by now.
///
/// # Errors
/// [`ErrorCode::PasskeyRefused`], whatever is wrong.
pub(super) async fn prove(
    auth: &Auth,
    row: &PasskeyRow,
    user: &UserRow,
    challenge: &str,
    answer: &Assertion,
    context: &Context,
) -> Result<ProvedPasskey> {
    let handle = answer.user_handle.as_deref().map(super::answer::base64url);
    if handle.is_some_and(|handle| handle != user_handle(&user.id)) {
        return refused("it is of another account");
    }
    match assert::verify(auth.relying_party()?, challenge, answer, &row.credential)? {
        Asserted::Good { credential } => Ok(ProvedPasskey {
            id: row.id.clone(),
            is_synced: row.is_synced,
            before: row.credential.clone(),
            after: credential,
        }),
        Asserted::CounterRegressed => {
            tell_of_regressed_counter(auth, row, user, context).await?;
            refused("its counter did not go on")
        }
    }
}

/// Notes that a passkey was used, and how far its counter is; `false` when it was removed, or used with a counter that
/// is not older, meanwhile.
///
/// # Errors
/// Only when the database fails.
pub(crate) async fn note_passkey_use(
    auth: &Auth,
    tx: &mut Transaction,
    proved: &ProvedPasskey,
    _context: &Context,
) -> Result<bool> {
    Ok(tx.note_passkey_use(&proved.id, &proved.before, &proved.after, auth.now()).await?)
}

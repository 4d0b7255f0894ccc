//! Creating an account with a passkey and no password.
//!
//! It is a sign-up like any other: the same answer after the same work for known and unknown addresses, and nothing
//! exists until the address is proved. In the place of a password there is one that nobody knows, hashed at the same
//! cost.

use secrecy::ExposeSecret;

use super::sign_up::{Credential, SignUpTicket, store_sign_up};
use crate::factor::passkey::{begin_sign_up, finish_sign_up};
use crate::factor::{PasskeyAnswer, PasskeyRequest};
use crate::form::NewPasskeyAccount;
use crate::{Auth, Context, NewPassword, Result};

/// Asks the browser for the passkey of an account that is not there yet.
///
/// # Errors
/// [`ErrorCode::FactorUnavailable`] where the public URL has an address instead of a name.
pub async fn begin_passkey_sign_up(auth: &Auth, account: &NewPasskeyAccount) -> Result<PasskeyRequest> {
    auth.limits.passkey_challenge().await?;
    begin_sign_up(auth, account).await
}

/// Verifies the passkey, stores the sign-up and promises its mail.
///
/// # Errors
/// [`ErrorCode::PasskeyRefused`], whatever is wrong with the answer, or when it was made for another address;
/// [`ErrorCode::PasskeyKnown`] when an account has this passkey; [`ErrorCode::Busy`] when too many hash at once.
pub async fn passkey_sign_up(
    auth: &Auth,
    account: NewPasskeyAccount,
    answer: &PasskeyAnswer,
    context: &Context,
) -> Result<SignUpTicket> {
    auth.limits.sign_up(&context.address).await?;
    let (passkey, future) = finish_sign_up(auth, &account.email, answer).await?;
    let nobodys = NewPassword::in_use(auth.random.token().expose_secret());
    let password_hash = auth.hashes.hash(&nobodys, &*auth.random).await?;
    let credential = Credential { password_hash: &password_hash, passkey: Some((&future, &passkey)), provider: None };
    store_sign_up(auth, account.email, &account.name, credential, context).await
}

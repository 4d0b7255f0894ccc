//! Challenges (WebAuthn Level 3, 13.4.3): made here, for one purpose, good for five minutes and for one answer.
//!
//! Whoever gets a challenge gets a ticket of 256 random bits with it. The challenge follows from the ticket, so a
//! short row with the ticket's digest is all that a stranger can make us keep. Showing the ticket deletes the row,
//! before anything about the answer is looked at: a challenge works once even when it fails.

use secrecy::SecretString;

use crate::crypto::{Purpose, token_digest};
use crate::factor::Bound;
use crate::id::UserId;
use crate::store::NewPasskeyCeremony;
use crate::{Auth, Email, ErrorCode, Result};

/// Seconds a challenge waits for its answer (WebAuthn Level 3, 15.1 names five to ten minutes at most).
const LIFETIME: i64 = 5 * 60;
/// Challenges of an account that wait at the same time; an older one makes room.
const MOST_OF_ACCOUNT: i64 = 8;
/// About so many of people who are not known yet wait at the same time; the oldest make room.
const MOST_OF_STRANGERS: i64 = 20_000;
/// One in so many challenges of strangers sweeps: the digest begins with one of 64 characters.
const SWEEPS: char = 'A';

/// What an answer is for. One for another purpose is worth nothing.
#[derive(Clone, Copy)]
pub(super) enum Kind<'a> {
    /// A new passkey of somebody signed in.
    Add(Bound<'a>, &'a UserId),
    /// A second factor or a fresh proof.
    Proof(Bound<'a>, &'a UserId),
    /// A sign-in by somebody who is not known yet.
    SignIn,
    /// The first passkey of an account that is not there yet.
    SignUp,
}

/// A ticket, and the challenge that follows from it, in base64url.
pub(super) struct Ceremony {
    pub ticket: SecretString,
    pub challenge: String,
}

impl Kind<'_> {
    const fn name(&self) -> &'static str {
        match self {
            Self::Add(..) => "add",
            Self::Proof(..) => "proof",
            Self::SignIn => "sign_in",
            Self::SignUp => "sign_up",
        }
    }
}

/// Makes a challenge.
///
/// # Errors
/// Only when the database fails.
pub(super) async fn begin(auth: &Auth, kind: Kind<'_>) -> Result<Ceremony> {
    let (bound_to, user_id) = match &kind {
        Kind::Add(bound, user) | Kind::Proof(bound, user) => (bound.text(), user.as_str()),
        Kind::SignIn | Kind::SignUp => (String::new(), ""),
    };
    store(auth, kind.name(), &bound_to, user_id).await
}

/// Makes a challenge for a sign-up: bound to the account it may become, and to the address.
///
/// # Errors
/// Only when the database fails.
pub(super) async fn begin_sign_up(auth: &Auth, future: &UserId, email: &Email) -> Result<Ceremony> {
    store(auth, Kind::SignUp.name(), &sign_up_bound(auth, future.as_str(), email), "").await
}

async fn store(auth: &Auth, kind: &str, bound_to: &str, user_id: &str) -> Result<Ceremony> {
    let ticket = auth.random.token();
    let (digest, now) = (token_digest(Purpose::PasskeyCeremony, &ticket), auth.now());
    auth.store
        .insert_passkey_ceremony(NewPasskeyCeremony {
            digest: &digest,
            kind,
            bound_to,
            user_id,
            expires_at: now.plus_seconds(LIFETIME),
        })
        .await?;
    if !user_id.is_empty() {
        auth.store.keep_newest_passkey_ceremonies(user_id, bound_to, MOST_OF_ACCOUNT).await?;
    } else if digest.starts_with(SWEEPS) {
        auth.store.sweep_passkey_ceremonies(now, MOST_OF_STRANGERS).await?;
    }
    Ok(Ceremony { challenge: challenge_of(&ticket), ticket })
}

/// Takes the challenge of a ticket: nobody takes it again. Gives it in base64url.
///
/// # Errors
/// [`ErrorCode::PasskeyRefused`] for one that was taken, is too old, unknown, or was made for something else.
pub(super) async fn take(auth: &Auth, ticket: &SecretString, kind: Kind<'_>) -> Result<String> {
    let taken = taken(auth, ticket, kind.name()).await?;
    let is_ours = match &kind {
        Kind::Add(bound, user) | Kind::Proof(bound, user) => taken == (bound.text(), user.as_str().to_owned()),
        Kind::SignIn => true,
        Kind::SignUp => false,
    };
    if is_ours { Ok(challenge_of(ticket)) } else { Err(ErrorCode::PasskeyRefused.into()) }
}

/// Takes the challenge of a sign-up, and gives the account that it was made for.
///
/// # Errors
/// [`ErrorCode::PasskeyRefused`], as [`take`]; also for another address.
pub(super) async fn take_sign_up(auth: &Auth, ticket: &SecretString, email: &Email) -> Result<(String, UserId)> {
    let (bound_to, _) = taken(auth, ticket, Kind::SignUp.name()).await?;
    let (future, _) = bound_to.split_once(' ').ok_or(ErrorCode::PasskeyRefused)?;
    if bound_to != sign_up_bound(auth, future, email) {
        return Err(ErrorCode::PasskeyRefused.into());
    }
    Ok((challenge_of(ticket), UserId(future.to_owned())))
}

async fn taken(auth: &Auth, ticket: &SecretString, kind: &str) -> Result<(String, String)> {
    let row = auth.store.take_passkey_ceremony(&token_digest(Purpose::PasskeyCeremony, ticket)).await?;
    match row {
        Some(row) if row.kind == kind && row.expires_at > auth.now() => Ok((row.bound_to, row.user_id)),
        _ => Err(ErrorCode::PasskeyRefused.into()),
    }
}

fn challenge_of(ticket: &SecretString) -> String {
    token_digest(Purpose::PasskeyChallenge, ticket)
}

/// The address is kept as a keyed digest: it is a stranger's word about somebody.
fn sign_up_bound(auth: &Auth, future: &str, email: &Email) -> String {
    format!("{future} {}", auth.codes.of_text(&format!("passkey sign-up:{email}")))
}

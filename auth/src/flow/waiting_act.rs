//! A risky act that waits until the person has proved themselves again, with what was typed.
//!
//! It rests sealed, because a wanted password may be in it; it belongs to one session, and it is
//! taken once. What it says is the business of the pages.

use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::crypto::{Purpose, token_digest};
use crate::session::Caller;
use crate::{Auth, ErrorCode, Result};

/// Longest time an act waits.
const SECONDS: i64 = 15 * 60;

/// Keeps an act and gives the ticket that leads back to it. The act that waited before is forgotten.
///
/// # Errors
/// [`ErrorCode::SignedOut`].
pub async fn keep_waiting_act(auth: &Auth, caller: &Caller, act: &[u8]) -> Result<SecretString> {
    auth.session_of(caller).await?;
    let ticket = auth.random.token();
    let digest = token_digest(Purpose::WaitingAct, &ticket);
    let sealed = auth.sealer.seal(&*auth.random, &place(&digest), act);
    let mut tx = auth.store.begin().await?;
    tx.replace_waiting_act(&caller.session_id, &digest, &sealed, auth.now().plus_seconds(SECONDS)).await?;
    tx.commit().await?;
    Ok(ticket)
}

/// The act of a ticket while it waits; it goes on waiting.
///
/// # Errors
/// [`ErrorCode::LinkExpired`] for a ticket that is used, too old, invented or of another session.
pub async fn see_waiting_act(auth: &Auth, caller: &Caller, ticket: &SecretString) -> Result<Zeroizing<Vec<u8>>> {
    let digest = token_digest(Purpose::WaitingAct, ticket);
    let sealed = auth.store.waiting_act(&caller.session_id, &digest, auth.now()).await?;
    open(auth, &digest, sealed)
}

/// Takes the act of a ticket, once.
///
/// # Errors
/// As [`see_waiting_act`].
pub async fn take_waiting_act(auth: &Auth, caller: &Caller, ticket: &SecretString) -> Result<Zeroizing<Vec<u8>>> {
    let digest = token_digest(Purpose::WaitingAct, ticket);
    let mut tx = auth.store.begin().await?;
    let sealed = tx.take_waiting_act(&caller.session_id, &digest, auth.now()).await?;
    tx.commit().await?;
    open(auth, &digest, sealed)
}

fn open(auth: &Auth, digest: &str, sealed: Option<String>) -> Result<Zeroizing<Vec<u8>>> {
    let sealed = sealed.ok_or(ErrorCode::LinkExpired)?;
    auth.sealer.open(&place(digest), &sealed).map_err(|error| anyhow::Error::from(error).into())
}

fn place(digest: &str) -> String {
    format!("waiting_acts.payload_sealed.{digest}")
}

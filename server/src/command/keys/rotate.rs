//! `keywright keys rotate`

use auth::view::CivilDay;
use auth::{Auth, flow};

use super::in_words;

/// Publishes the next key, or finds the one that waits, and says when it signs.
pub(super) async fn rotate(auth: &Auth, at_once: bool) -> anyhow::Result<String> {
    let next = flow::rotate_keys(auth, at_once).await.map_err(in_words)?;
    let (kid, algorithm, moment) = (next.id, next.algorithm, CivilDay::of(next.signs_from).iso);
    Ok(if at_once {
        format!(
            "{kid} ({algorithm}) signs from {moment}: within two seconds, when every node knows it. Nobody is signed out.\n\
             Other services that keep a copy of the public keys must ask for them again when they meet this kid."
        )
    } else {
        format!("{kid} ({algorithm}) is published and signs from {moment}. Nobody is signed out.")
    })
}

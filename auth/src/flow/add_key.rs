//! Adding a key behind the newest one.

use super::list_keys;
use crate::audit::AuditLine;
use crate::session::Caller;
use crate::store::Transaction;
use crate::token::Algorithm;
use crate::view::KeyView;
use crate::{Auth, Context, EventKind, Result};

/// The administrator who asks. Their line in the audit log is written with the act; the schedule and the
/// command line have none.
pub(super) type By<'a> = Option<(&'a Caller, &'a Context)>;

/// Notes who did it with which key, in the transaction that does it.
pub(super) async fn note(auth: &Auth, tx: &mut Transaction, by: By<'_>, kind: EventKind, kid: &str) -> Result<()> {
    let Some((caller, context)) = by else { return Ok(()) };
    let line = AuditLine::of(kind).about(&caller.user_id).by(&caller.user_id, Some(&caller.session_id)).with(kid);
    auth.record(tx, line, context).await
}

/// How often a change of the keys is tried that another one was faster than.
pub(super) const TRIES: usize = 5;

/// Makes and publishes a key that signs `lead` seconds from now; none when another node or operator added
/// one in the same moment.
pub(super) async fn add_key(auth: &Auth, algorithm: Algorithm, lead: i64, by: By<'_>) -> Result<Option<KeyView>> {
    let key = auth.vault.make(algorithm, auth.keys().current().next_sequence(), &auth.random).await?;
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    let is_added = tx.insert_signing_key(&key, now, now.plus_seconds(lead)).await?;
    if is_added {
        note(auth, &mut tx, by, EventKind::AdminKeyRotated, &key.id).await?;
    }
    tx.commit().await?;
    let keys = list_keys(auth).await?;
    Ok(keys.into_iter().find(|view| is_added && view.id == key.id))
}

//! The last step of a restore, before anybody is let in: what the backup brings back although it was used, rotated or revoked since
//! it was taken, ends (`store/restored.rs` and `docs/operations/backup.md` have the rule for each table). Keys that sign access
//! tokens are revoked as well: one that leaked since would be good again. So is the shared secret of the settings, although the
//! backup may not know it.

use super::add_key::add_key;
use super::{list_keys, revoke_key};
use crate::audit::AuditLine;
use crate::factor::totp;
use crate::store::BackupMark;
use crate::token::Algorithm;
use crate::view::{CivilDay, KeyState};
use crate::{Auth, Context, EventKind, Result, Timestamp};

/// Ends it, and lets the database be used. `file` is the backup, `taken_at` its moment. Whoever calls this has made sure that an
/// operator asks, and that nobody else uses the database.
///
/// # Errors
/// When the database fails; then it may not be used.
pub async fn finish_restore(auth: &Auth, file: &str, taken_at: Timestamp, context: &Context) -> Result<()> {
    name_shared_secret(auth).await?;
    let is_alive = |state: KeyState| matches!(state, KeyState::Next | KeyState::Signing | KeyState::Verifying);
    // Asked before: what takes their place stays.
    for key in list_keys(auth).await?.into_iter().filter(|key| is_alive(key.state)) {
        revoke_key(auth, &key.id).await?;
    }
    let now = auth.now();
    let mut tx = auth.store.begin().await?;
    // A telephone that is ahead may have shown, and somebody used, the newest code that is accepted.
    tx.end_what_was_before(now, totp::newest_step(now, auth.authenticator_drift)).await?;
    let moment = CivilDay::of(taken_at).iso;
    auth.record(&mut tx, AuditLine::of(EventKind::AdminBackupRestored).with(&moment), context).await?;
    tx.note_backup(BackupMark::Restored, now, file, 0).await?;
    tx.finish_restore().await?;
    tx.commit().await?;
    Ok(())
}

/// Puts the shared secret of the settings among the keys that are revoked, where the backup lacks it. A secret is named by its number
/// and itself: one that was set after the backup would get the name that it had, and what it signed would be good again.
async fn name_shared_secret(auth: &Auth) -> Result<()> {
    auth.learn_keys().await?;
    let is_known = auth.keys().current().rows().any(|row| auth.vault.is_our_secret(row));
    if auth.vault.wanted() == Algorithm::Hs256 && !is_known {
        add_key(auth, Algorithm::Hs256, auth.vault.settings().publish_seconds, None).await?;
    }
    Ok(())
}

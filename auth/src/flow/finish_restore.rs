//! The last step of a restore, before anybody is let in: what the backup brings back although it was used, rotated or revoked since
//! it was taken, ends (`store/restored.rs` and `docs/operations/backup.md` have the rule for each table). Keys that sign access
//! tokens are revoked as well: one that leaked since would be good again.

use super::{list_keys, revoke_key};
use crate::audit::AuditLine;
use crate::factor::totp;
use crate::store::BackupMark;
use crate::view::{CivilDay, KeyState};
use crate::{Auth, Context, EventKind, Result, Timestamp};

/// Ends it, and lets the database be used. `file` is the backup, `taken_at` its moment. Whoever calls this has made sure that an
/// operator asks, and that nobody else uses the database.
///
/// # Errors
/// When the database fails; then it may not be used.
pub async fn finish_restore(auth: &Auth, file: &str, taken_at: Timestamp, context: &Context) -> Result<()> {
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

//! What a restored backup must not bring back: whatever was used, rotated or revoked after the backup was taken looks unused in it.
//! Nobody can tell which, so all of it ends. What people know and have (passwords, factors, passkeys, connections) stays.
//! `docs/operations/backup.md` has the rule for each table; a story compares the two.

use anyhow::ensure;
use sqlx::{Connection as _, Executor as _};

use super::table_counts::tables_there;
use super::{DatabaseSettings, Result, Store, Transaction};
use crate::Timestamp;

/// The table that is there while a backup is poured into PostgreSQL, and nobody may be let in.
pub(super) const UNFINISHED: &str = "restore_unfinished";

/// What ends at the moment `$1`.
const ENDED: &[&str] = &[
    // Of a family nobody can prove which token is the newest: whoever has it signs in again.
    "UPDATE sessions SET ended_at = $1, end_reason = 'restored' WHERE ended_at IS NULL",
    "UPDATE trusted_devices SET revoked_at = $1 WHERE revoked_at IS NULL",
    // Tokens are revoked when they leak.
    "UPDATE personal_tokens SET revoked_at = $1 WHERE revoked_at IS NULL",
    "UPDATE recovery_codes SET used_at = $1 WHERE used_at IS NULL",
    "UPDATE sign_ups SET expires_at = $1 WHERE used_at IS NULL AND expires_at > $1",
    "UPDATE password_resets SET killed_at = $1 WHERE used_at IS NULL AND killed_at IS NULL",
    "UPDATE sent_codes SET killed_at = $1 WHERE used_at IS NULL AND killed_at IS NULL",
    // One that waits. The link that takes an address back stays: it gives nobody anything, and may be needed again.
    "UPDATE email_changes SET killed_at = $1 WHERE confirmed_at IS NULL AND killed_at IS NULL",
    "UPDATE account_recoveries SET ended_at = $1, end_reason = 'cancelled' WHERE completed_at IS NULL AND ended_at IS NULL",
    // They wait on, over: whoever may invite sends another link.
    "UPDATE invitations SET expires_at = $1 WHERE used_at IS NULL AND revoked_at IS NULL AND declined_at IS NULL \
     AND expires_at > $1",
    // They may have gone out since, and their links are over. Administrators find them among those that were given up.
    "UPDATE jobs SET dead_at = $1, last_error = 'restored' WHERE done_at IS NULL AND dead_at IS NULL",
    // It may have been called off since: there are 30 days to do it again.
    "UPDATE users SET delete_at = $1 + 2592000000 WHERE delete_at < $1 + 2592000000",
    "UPDATE organizations SET delete_at = $1 + 2592000000 WHERE delete_at < $1 + 2592000000",
];

/// What is there to be taken once, and nothing else.
const FORGOTTEN: &[&str] = &[
    "DELETE FROM waiting_acts",
    "DELETE FROM pending_sign_ins",
    "DELETE FROM passkey_ceremonies",
    "DELETE FROM totp_enrolments",
    "DELETE FROM federation_flows",
    "DELETE FROM pending_connections",
    "DELETE FROM federation_codes",
    // A provider takes a token that was rotated for a stolen one.
    "DELETE FROM provider_tokens",
    "DELETE FROM setup_links",
];

impl Transaction {
    /// Ends whatever was made before the restore and may have been used since. Codes of authenticator apps count as used up to
    /// `last_step`.
    pub(crate) async fn end_what_was_before(&mut self, now: Timestamp, last_step: i64) -> Result<()> {
        for statement in ENDED {
            sqlx::query(*statement).bind(now.0).execute(&mut *self.0).await?;
        }
        for statement in FORGOTTEN {
            sqlx::query(*statement).execute(&mut *self.0).await?;
        }
        sqlx::query("UPDATE totp_secrets SET last_step = $1 WHERE last_step < $1")
            .bind(last_step)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Lets the database be used from now on.
    pub(crate) async fn finish_restore(&mut self) -> Result<()> {
        sqlx::query("DROP TABLE IF EXISTS restore_unfinished").execute(&mut *self.0).await?;
        Ok(())
    }
}

impl Store {
    /// Makes sure that a database is empty, and that nobody uses it before [`Transaction::finish_restore`].
    ///
    /// # Errors
    /// When it has tables, or cannot be reached.
    pub async fn begin_restore(settings: &DatabaseSettings) -> anyhow::Result<()> {
        let mut connection = settings.connect().await?;
        let there = tables_there(&mut connection, settings.is_sqlite()).await?;
        ensure!(
            there.is_empty(),
            "it is not empty: a backup is restored into an empty database, and nothing is overwritten"
        );
        if !settings.is_sqlite() {
            connection.execute("CREATE TABLE restore_unfinished (id TEXT NOT NULL PRIMARY KEY)").await?;
        }
        Ok(connection.close().await?)
    }

    /// Refuses a database into which a backup was poured, and nothing more. SQLite has none: its file gets its name at the end.
    pub(super) async fn refuse_half_restored(settings: &DatabaseSettings) -> anyhow::Result<()> {
        if settings.is_sqlite() {
            return Ok(());
        }
        let mut connection = settings.connect().await?;
        let there = tables_there(&mut connection, false).await?;
        connection.close().await?;
        ensure!(
            !there.contains(UNFINISHED),
            "a restore into it was broken off: drop the database, make it anew, and run `keywright restore` once more"
        );
        Ok(())
    }
}

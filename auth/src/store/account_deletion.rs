//! Accounts that are to go, and their going.

use sqlx::Row;

use super::users::{parsed, user_columns};
use super::{Result, Store, Transaction, UserRow};
use crate::id::UserId;
use crate::{Email, Timestamp};

/// What belongs to a person, in an order that no reference stands against. The lines of the audit log
/// stay; what they tell of the person goes by `audit::erase_person`, before the sessions do.
const TRACES: &[&str] = &[
    "DELETE FROM invitations WHERE inviter_id = $1 OR email IN (SELECT u.email FROM users u WHERE u.id = $1)",
    "DELETE FROM invitations WHERE email IN (SELECT c.old_email FROM email_changes c WHERE c.user_id = $1)",
    "DELETE FROM domain_joins WHERE user_id = $1",
    "DELETE FROM unsaved_documents WHERE user_id = $1",
    // Before the memberships: documents stay with the organization, in the hands of an owner, else of any member.
    "UPDATE documents SET version = version + 1, owner_id = (SELECT m.user_id FROM memberships m \
     WHERE m.organization_id = documents.organization_id AND m.user_id <> $1 \
     ORDER BY CASE WHEN m.role = 'owner' THEN 0 ELSE 1 END, m.joined_at, m.user_id LIMIT 1) WHERE owner_id = $1 \
     AND EXISTS (SELECT m.user_id FROM memberships m WHERE m.organization_id = documents.organization_id \
     AND m.user_id <> $1)",
    // Nobody is left to read them.
    "DELETE FROM documents WHERE owner_id = $1",
    "DELETE FROM waiting_acts WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)",
    "DELETE FROM refresh_tokens WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)",
    "DELETE FROM federation_flows WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)",
    "DELETE FROM sessions WHERE user_id = $1",
    // They have ended, and go on saying that somebody acted in them.
    "UPDATE sessions SET impersonator_id = '' WHERE impersonator_id = $1",
    "DELETE FROM password_resets WHERE user_id = $1 \
     OR email IN (SELECT u.email FROM users u WHERE u.id = $1)",
    "DELETE FROM notice_links WHERE user_id = $1",
    "DELETE FROM memberships WHERE user_id = $1",
    "DELETE FROM avatars WHERE user_id = $1",
    "DELETE FROM personal_tokens WHERE user_id = $1",
    "DELETE FROM pending_sign_ins WHERE user_id = $1",
    "DELETE FROM trusted_devices WHERE user_id = $1",
    "DELETE FROM totp_enrolments WHERE user_id = $1",
    "DELETE FROM totp_secrets WHERE user_id = $1",
    "DELETE FROM recovery_codes WHERE user_id = $1",
    "DELETE FROM passkey_ceremonies WHERE user_id = $1",
    "DELETE FROM passkeys WHERE user_id = $1",
    "DELETE FROM provider_tokens WHERE connection_id IN (SELECT id FROM connections WHERE user_id = $1)",
    "DELETE FROM connections WHERE user_id = $1",
    "DELETE FROM pending_connections WHERE user_id = $1",
    "DELETE FROM sent_codes WHERE user_id = $1",
    "DELETE FROM anomalies WHERE user_id = $1",
    "DELETE FROM client_arrivals WHERE user_id = $1",
    "DELETE FROM account_recoveries WHERE user_id = $1",
    "DELETE FROM sign_ups WHERE known_user_id = $1 OR email IN (SELECT u.email FROM users u WHERE u.id = $1)",
    "DELETE FROM dev_inbox WHERE recipient IN (SELECT u.email FROM users u WHERE u.id = $1) \
     OR recipient IN (SELECT c.old_email FROM email_changes c WHERE c.user_id = $1) \
     OR recipient IN (SELECT c.new_email FROM email_changes c WHERE c.user_id = $1)",
    "DELETE FROM dev_inbox WHERE recipient IN (SELECT p.number FROM phone_numbers p WHERE p.user_id = $1) \
     OR recipient IN (SELECT p.wanted FROM phone_numbers p WHERE p.user_id = $1)",
    "DELETE FROM phone_numbers WHERE user_id = $1",
    "DELETE FROM email_changes WHERE user_id = $1 \
     OR (confirmed_at IS NULL AND new_email IN (SELECT u.email FROM users u WHERE u.id = $1))",
    "DELETE FROM policy_drafts WHERE user_id = $1",
    "UPDATE policy_versions SET author_id = NULL WHERE author_id = $1",
    "DELETE FROM user_search WHERE user_id = $1",
    "DELETE FROM users WHERE id = $1",
];

impl Store {
    /// Accounts whose grace is over.
    pub async fn accounts_to_delete(&self, now: Timestamp, most: i64) -> Result<Vec<UserId>> {
        sqlx::query("SELECT id FROM users WHERE delete_at <= $1 ORDER BY delete_at LIMIT $2")
            .bind(now.0)
            .bind(most)
            .fetch_all(&mut *self.read.get().await?)
            .await?
            .iter()
            .map(|row| row.try_get("id").map(UserId))
            .collect()
    }

    /// The account that a mailed link keeps, until it goes. Changes nothing.
    pub async fn account_to_keep(&self, keep_digest: &str, now: Timestamp) -> Result<Option<UserRow>> {
        sqlx::query_as(concat!("SELECT ", user_columns!(), " FROM users WHERE keep_digest = $1 AND delete_at > $2"))
            .bind(keep_digest)
            .bind(now.0)
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }
}

impl Transaction {
    /// Sets the day an account goes; none when one was set before.
    pub async fn schedule_deletion(
        &mut self,
        id: &UserId,
        delete_at: Timestamp,
        keep_digest: &str,
    ) -> Result<Option<UserRow>> {
        sqlx::query_as(concat!(
            "UPDATE users SET delete_at = $2, keep_digest = $3 WHERE id = $1 AND delete_at IS NULL RETURNING ",
            user_columns!()
        ))
        .bind(id.as_str())
        .bind(delete_at.0)
        .bind(keep_digest)
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Keeps the account of a mailed link.
    pub async fn keep_account_by_link(&mut self, keep_digest: &str, now: Timestamp) -> Result<Option<UserRow>> {
        sqlx::query_as(concat!(
            "UPDATE users SET delete_at = NULL, keep_digest = NULL WHERE keep_digest = $1 AND delete_at > $2 RETURNING ",
            user_columns!()
        ))
        .bind(keep_digest)
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Keeps an account; `false` when nobody asked for its end, or it came.
    pub async fn keep_account(&mut self, id: &UserId, now: Timestamp) -> Result<bool> {
        let done =
            sqlx::query("UPDATE users SET delete_at = NULL, keep_digest = NULL WHERE id = $1 AND delete_at > $2")
                .bind(id.as_str())
                .bind(now.0)
                .execute(&mut *self.0)
                .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Takes an account whose grace is over out of everybody's hands: it belongs to this transaction
    /// alone, and nobody signs in, keeps it or changes it meanwhile.
    pub async fn hold_account_to_delete(&mut self, id: &UserId, now: Timestamp) -> Result<Option<UserRow>> {
        sqlx::query_as(concat!(
            "UPDATE users SET keep_digest = NULL WHERE id = $1 AND delete_at <= $2 RETURNING ",
            user_columns!()
        ))
        .bind(id.as_str())
        .bind(now.0)
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Every address an account has, had, or wanted.
    pub async fn addresses_of(&mut self, id: &UserId) -> Result<Vec<Email>> {
        sqlx::query(
            "SELECT email FROM users WHERE id = $1 UNION SELECT old_email AS email FROM email_changes WHERE user_id = $1 \
             UNION SELECT new_email AS email FROM email_changes WHERE user_id = $1",
        )
        .bind(id.as_str())
        .fetch_all(&mut *self.0)
        .await?
        .iter()
        .map(|row| parsed(row, "email"))
        .collect()
    }

    /// Whether a session of an account ended since then.
    pub async fn has_session_ended_since(&mut self, id: &UserId, since: Timestamp) -> Result<bool> {
        let row = sqlx::query("SELECT id FROM sessions WHERE user_id = $1 AND ended_at > $2 LIMIT 1")
            .bind(id.as_str())
            .bind(since.0)
            .fetch_optional(&mut *self.0)
            .await?;
        Ok(row.is_some())
    }

    /// Deletes everything that belongs to a person.
    pub async fn delete_every_trace(&mut self, id: &UserId) -> Result<()> {
        for statement in TRACES {
            sqlx::query(*statement).bind(id.as_str()).execute(&mut *self.0).await?;
        }
        Ok(())
    }
}

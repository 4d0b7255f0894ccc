//! Deleting what nobody needs any more, in bites that never hold the writer for long.

use sqlx::Row;

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::SessionId;

impl Store {
    /// Forgets sign-ups that ended before `before`, with the hashes of their passwords.
    pub async fn delete_old_sign_ups(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM sign_ups WHERE id IN (SELECT id FROM sign_ups WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets ways to a new password that ended before `before`.
    pub async fn delete_old_password_resets(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM password_resets WHERE id IN \
             (SELECT id FROM password_resets WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets risky acts whose time is over, done or not.
    pub async fn delete_old_waiting_acts(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM waiting_acts WHERE digest IN (SELECT digest FROM waiting_acts WHERE expires_at < $1 LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets the links of notices that ended before `before`.
    pub async fn delete_old_notice_links(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM notice_links WHERE digest IN (SELECT digest FROM notice_links WHERE expires_at < $1 LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets changes of address that were asked for before `before`: neither link nor undo lives.
    pub async fn delete_old_email_changes(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM email_changes WHERE id IN (SELECT id FROM email_changes WHERE created_at < $1 LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets personal access tokens that were revoked or ended before `before`.
    pub async fn delete_old_tokens(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM personal_tokens WHERE id IN (SELECT id FROM personal_tokens WHERE revoked_at < $1 \
             UNION SELECT id FROM personal_tokens WHERE expires_at < $1 LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets sign-ins whose second half did not come before `before`, or that were finished.
    pub async fn delete_old_pending_sign_ins(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM pending_sign_ins WHERE digest IN \
             (SELECT digest FROM pending_sign_ins WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets trusted devices whose month ended before `before`.
    pub async fn delete_old_trusted_devices(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM trusted_devices WHERE id IN \
             (SELECT id FROM trusted_devices WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets codes that were promised before `before`: none works, and none counts for a limit any more.
    pub async fn delete_old_sent_codes(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM sent_codes WHERE id IN \
             (SELECT id FROM sent_codes WHERE created_at < $1 ORDER BY created_at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets sign-ins that looked unusual before `before`.
    pub async fn delete_old_anomalies(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM anomalies WHERE id IN (SELECT id FROM anomalies WHERE at < $1 ORDER BY at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets who came from which client for the last time before `before`.
    pub async fn delete_old_arrivals(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM client_arrivals WHERE (client_mac, user_id) IN \
             (SELECT client_mac, user_id FROM client_arrivals WHERE last_at < $1 ORDER BY last_at LIMIT $2) \
             AND last_at < $1",
            before,
            most,
        )
        .await
    }

    /// Forgets how many SMS were promised in the minutes before `before`.
    pub async fn forget_sms_minutes(&self, before: Timestamp) -> Result<()> {
        sqlx::query("DELETE FROM sms_minutes WHERE minute < $1")
            .bind(before.seconds() / 60)
            .execute(&mut *self.write.get().await?)
            .await?;
        Ok(())
    }

    /// Forgets recoveries by mail that ended before `before`.
    pub async fn delete_old_account_recoveries(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM account_recoveries WHERE id IN \
             (SELECT id FROM account_recoveries WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets jobs that were done before `before`. What could not be done stays for an operator.
    pub async fn delete_done_jobs(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE done_at < $1 ORDER BY done_at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets ways to a provider that did not come back before `before`.
    pub async fn delete_old_federation_flows(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM federation_flows WHERE digest IN \
             (SELECT digest FROM federation_flows WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets who came from a provider and was not let in before `before`, connected meanwhile or not.
    pub async fn delete_old_pending_connections(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM pending_connections WHERE digest IN \
             (SELECT digest FROM pending_connections WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets what native apps did not redeem before `before`.
    pub async fn delete_old_federation_codes(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM federation_codes WHERE digest IN \
             (SELECT digest FROM federation_codes WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets which codes of native apps made a session before `before`.
    pub async fn delete_old_used_federation_codes(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM used_federation_codes WHERE digest IN \
             (SELECT digest FROM used_federation_codes WHERE used_at < $1 ORDER BY used_at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets invitations whose time was over before `before`, whatever became of them.
    pub async fn delete_old_invitations(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM invitations WHERE id IN \
             (SELECT id FROM invitations WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets that mails of invitations were sent before `before`: they count for no limit any more.
    pub async fn delete_old_invitation_mails(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM invitation_mails WHERE id IN \
             (SELECT id FROM invitation_mails WHERE sent_at < $1 ORDER BY sent_at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets access tokens of providers that ended before `before` and that nothing renews.
    pub async fn delete_old_provider_tokens(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM provider_tokens WHERE connection_id IN \
             (SELECT connection_id FROM provider_tokens WHERE refresh_at IS NULL AND expires_at < $1 LIMIT $2) \
             AND refresh_at IS NULL",
            before,
            most,
        )
        .await
    }

    /// Sessions that ended or expired before `before`. Asked of a reading connection: looking for
    /// them holds up nobody.
    pub async fn sessions_over_since(&self, before: Timestamp, most: i64) -> Result<Vec<SessionId>> {
        sqlx::query(
            "SELECT id FROM sessions WHERE ended_at < $1 \
             UNION SELECT id FROM sessions WHERE expires_at < $1 LIMIT $2",
        )
        .bind(before.0)
        .bind(most)
        .fetch_all(&mut *self.read.get().await?)
        .await?
        .iter()
        .map(|row| Ok(SessionId(row.try_get("id")?)))
        .collect()
    }

    /// Forgets mails of the development inbox.
    pub async fn delete_old_dev_mails(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM dev_inbox WHERE id IN (SELECT id FROM dev_inbox WHERE sent_at < $1 ORDER BY sent_at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    /// Forgets buckets of tries that recovered before `before`: no row says the same.
    pub async fn delete_old_limits(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM limits WHERE bucket IN (SELECT bucket FROM limits WHERE recovered_at < $1 \
             AND blocked_until < $1 ORDER BY recovered_at LIMIT $2) AND recovered_at < $1",
            before,
            most,
        )
        .await
    }

    /// Forgets which proofs of work were used that ended before `before`.
    pub async fn delete_old_challenges(&self, before: Timestamp, most: i64) -> Result<u64> {
        self.delete(
            "DELETE FROM spent_challenges WHERE digest IN \
             (SELECT digest FROM spent_challenges WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            before,
            most,
        )
        .await
    }

    async fn delete(&self, statement: &'static str, before: Timestamp, most: i64) -> Result<u64> {
        Ok(sqlx::query(statement)
            .bind(before.0)
            .bind(most)
            .execute(&mut *self.write.get().await?)
            .await?
            .rows_affected())
    }
}

impl Transaction {
    /// Forgets a session and all its tokens.
    pub async fn delete_session(&mut self, id: &SessionId) -> Result<()> {
        for statement in [
            "DELETE FROM waiting_acts WHERE session_id = $1",
            "DELETE FROM refresh_tokens WHERE session_id = $1",
            "DELETE FROM sessions WHERE id = $1",
        ] {
            sqlx::query(statement).bind(id.as_str()).execute(&mut *self.0).await?;
        }
        Ok(())
    }
}

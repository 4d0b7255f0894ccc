//! Webhooks.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::{Result, Store, Transaction};
use crate::Timestamp;
use crate::id::{OrganizationId, WebhookId};
use crate::view::WebhookEnd;
use crate::webhook::WebhookKinds;

/// A webhook to be stored.
pub struct NewWebhook<'a> {
    /// Its id.
    pub id: &'a WebhookId,
    /// The id of its organization, or `platform`.
    pub owner: &'a str,
    /// Its organization; none for the platform.
    pub organization_id: Option<&'a OrganizationId>,
    /// Its address.
    pub url: &'a str,
    /// What it is told of.
    pub kinds: &'a WebhookKinds,
    /// What it signs with, sealed.
    pub secret_sealed: &'a str,
    /// Now.
    pub created_at: Timestamp,
}

/// A stored webhook.
pub struct WebhookRow {
    /// Its id.
    pub id: WebhookId,
    /// Its organization; none for the platform.
    pub organization_id: Option<OrganizationId>,
    /// Its address.
    pub url: String,
    /// What it is told of.
    pub kinds: WebhookKinds,
    /// What it signs with, sealed.
    pub secret_sealed: String,
    /// What it signed with before, sealed, and until when it does.
    pub old_secret: Option<(String, Timestamp)>,
    /// Since when every delivery fails.
    pub failing_since: Option<Timestamp>,
    /// When it was switched off, and why.
    pub disabled: Option<(Timestamp, WebhookEnd)>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The columns of a webhook.
macro_rules! webhook_columns {
    () => {
        "id, organization_id, url, kinds, secret_sealed, old_secret_sealed, old_secret_until, failing_since, \
         disabled_at, disabled_reason, created_at"
    };
}

impl FromRow<'_, AnyRow> for WebhookRow {
    fn from_row(row: &AnyRow) -> Result<Self> {
        let moment = |column: &str| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(Timestamp));
        let reason = row.try_get::<Option<String>, _>("disabled_reason")?;
        // A reason that a newer version wrote is somebody's.
        let reason = reason.and_then(|name| WebhookEnd::parse(&name)).unwrap_or(WebhookEnd::Manual);
        Ok(Self {
            id: WebhookId(row.try_get("id")?),
            organization_id: row.try_get::<Option<String>, _>("organization_id")?.map(OrganizationId),
            url: row.try_get("url")?,
            kinds: WebhookKinds::from_text(row.try_get("kinds")?),
            secret_sealed: row.try_get("secret_sealed")?,
            old_secret: row.try_get::<Option<String>, _>("old_secret_sealed")?.zip(moment("old_secret_until")?),
            failing_since: moment("failing_since")?,
            disabled: moment("disabled_at")?.map(|at| (at, reason)),
            created_at: Timestamp(row.try_get("created_at")?),
        })
    }
}

impl Store {
    /// The webhooks of an owner, the newest first.
    pub async fn webhooks_of(&self, owner: &str) -> Result<Vec<WebhookRow>> {
        sqlx::query_as(concat!(
            "SELECT ",
            webhook_columns!(),
            " FROM webhooks WHERE owner = $1 ORDER BY created_at DESC, id DESC"
        ))
        .bind(owner)
        .fetch_all(&mut *self.read.get().await?)
        .await
    }

    /// A webhook of an owner.
    pub async fn webhook(&self, owner: &str, id: &WebhookId) -> Result<Option<WebhookRow>> {
        sqlx::query_as(concat!("SELECT ", webhook_columns!(), " FROM webhooks WHERE id = $2 AND owner = $1"))
            .bind(owner)
            .bind(id.as_str())
            .fetch_optional(&mut *self.read.get().await?)
            .await
    }
}

impl Transaction {
    /// Adds a webhook, unless the owner has `most` already; then `false`. Of two at once on PostgreSQL each counts the
    /// other only when something held both apart: [`Transaction::hold_feed`].
    pub async fn insert_webhook(&mut self, webhook: NewWebhook<'_>, most: i64) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO webhooks (id, owner, organization_id, url, kinds, secret_sealed, listens_from, created_at) \
             SELECT $1, $2, $3, $4, $5, $6, CAST($7 AS BIGINT), CAST($7 AS BIGINT) \
             WHERE (SELECT CAST(COUNT(*) AS BIGINT) FROM webhooks w WHERE w.owner = $2) < $8",
        )
        .bind(webhook.id.as_str())
        .bind(webhook.owner)
        .bind(webhook.organization_id.map(OrganizationId::as_str))
        .bind(webhook.url)
        .bind(webhook.kinds.as_text())
        .bind(webhook.secret_sealed)
        .bind(webhook.created_at.0)
        .bind(most)
        .execute(&mut *self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Holds a webhook of an owner to the end of the transaction.
    pub async fn hold_webhook(&mut self, owner: &str, id: &WebhookId) -> Result<Option<WebhookRow>> {
        sqlx::query_as(concat!(
            "UPDATE webhooks SET url = url WHERE id = $2 AND owner = $1 RETURNING ",
            webhook_columns!()
        ))
        .bind(owner)
        .bind(id.as_str())
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Holds a webhook that is on to the end of the transaction, whoever owns it; none of an organization that is closed.
    pub async fn hold_live_webhook(&mut self, id: &WebhookId) -> Result<Option<WebhookRow>> {
        sqlx::query_as(concat!(
            "UPDATE webhooks SET url = url WHERE id = $1 AND disabled_at IS NULL AND NOT EXISTS \
             (SELECT o.id FROM organizations o WHERE o.id = webhooks.organization_id AND o.closed_at IS NOT NULL) RETURNING ",
            webhook_columns!()
        ))
        .bind(id.as_str())
        .fetch_optional(&mut *self.0)
        .await
    }

    /// Changes the address and the kinds of a webhook.
    pub async fn set_webhook(&mut self, id: &WebhookId, url: &str, kinds: &WebhookKinds) -> Result<()> {
        sqlx::query("UPDATE webhooks SET url = $2, kinds = $3 WHERE id = $1")
            .bind(id.as_str())
            .bind(url)
            .bind(kinds.as_text())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Switches a webhook on: it is told of what happens from now on.
    pub async fn enable_webhook(&mut self, id: &WebhookId, now: Timestamp) -> Result<()> {
        sqlx::query(
            "UPDATE webhooks SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL, listens_from = $2 \
             WHERE id = $1 AND disabled_at IS NOT NULL",
        )
        .bind(id.as_str())
        .bind(now.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Switches a webhook off, and gives up what it was to be told; `false` when it was off.
    pub async fn disable_webhook(&mut self, id: &WebhookId, reason: WebhookEnd, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE webhooks SET disabled_at = $2, disabled_reason = $3 WHERE id = $1 AND disabled_at IS NULL",
        )
        .bind(id.as_str())
        .bind(now.0)
        .bind(reason.as_str())
        .execute(&mut *self.0)
        .await?;
        sqlx::query("UPDATE webhook_deliveries SET state = 'dead' WHERE webhook_id = $1 AND state = 'pending'")
            .bind(id.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Gives a webhook another secret; the one of before signs as well until `until`.
    pub async fn replace_webhook_secret(
        &mut self,
        id: &WebhookId,
        secret_sealed: &str,
        old_secret_sealed: &str,
        until: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE webhooks SET secret_sealed = $2, old_secret_sealed = $3, old_secret_until = $4 WHERE id = $1",
        )
        .bind(id.as_str())
        .bind(secret_sealed)
        .bind(old_secret_sealed)
        .bind(until.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Removes a webhook of an owner with all it was told; `false` when there is none.
    pub async fn delete_webhook(&mut self, owner: &str, id: &WebhookId) -> Result<bool> {
        let done = sqlx::query("DELETE FROM webhooks WHERE id = $2 AND owner = $1")
            .bind(owner)
            .bind(id.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}

//! Secrets of webhooks at rest: each sealed for its own column and row.

use secrecy::{ExposeSecret, SecretString};

use super::WebhookSecret;
use crate::engine::Engine;
use crate::id::WebhookId;

impl Engine {
    /// Seals the secret that a webhook signs with.
    pub(crate) fn seal_webhook_secret(&self, id: &WebhookId, secret: &WebhookSecret) -> String {
        self.seal_at(&place("secret_sealed", id), secret)
    }

    /// Seals the secret of before.
    pub(crate) fn seal_old_webhook_secret(&self, id: &WebhookId, secret: &WebhookSecret) -> String {
        self.seal_at(&place("old_secret_sealed", id), secret)
    }

    /// The secret that a webhook signs with.
    pub(crate) fn open_webhook_secret(&self, id: &WebhookId, sealed: &str) -> anyhow::Result<WebhookSecret> {
        self.open_at(&place("secret_sealed", id), sealed)
    }

    /// The secret of before.
    pub(crate) fn open_old_webhook_secret(&self, id: &WebhookId, sealed: &str) -> anyhow::Result<WebhookSecret> {
        self.open_at(&place("old_secret_sealed", id), sealed)
    }

    fn seal_at(&self, place: &str, secret: &WebhookSecret) -> String {
        self.sealer.seal(&*self.random, place, secret.text().expose_secret().as_bytes())
    }

    fn open_at(&self, place: &str, sealed: &str) -> anyhow::Result<WebhookSecret> {
        let plain = self.sealer.open(place, sealed)?;
        let text = SecretString::from(std::str::from_utf8(&plain)?);
        WebhookSecret::parse(text.expose_secret()).ok_or_else(|| anyhow::anyhow!("the secret of a webhook is none"))
    }
}

fn place(column: &str, id: &WebhookId) -> String {
    format!("webhooks.{column}.{}", id.as_str())
}

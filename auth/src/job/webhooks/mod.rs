//! Telling webhooks what happened. One look reads the audit log and promises a delivery to each webhook that wants a
//! line (`feed.rs`); another claims what is due and sends it (`deliver.rs`), each webhook for itself.

use std::time::Duration;

use crate::Auth;

mod deliver;
mod disable;
mod feed;

use deliver::Delivery;

/// How often the log and the deliveries are looked at.
const INTERVAL: Duration = Duration::from_secs(1);

impl Auth {
    /// Tells webhooks for ever.
    pub async fn keep_webhooks(self) {
        tokio::join!(self.keep_feeding(), self.keep_delivering());
    }

    async fn keep_feeding(&self) {
        loop {
            match self.feed_webhooks().await {
                Ok(0) => tokio::time::sleep(INTERVAL).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "the audit log cannot be read for webhooks; it goes on");
                    tokio::time::sleep(INTERVAL).await;
                }
            }
        }
    }

    /// Nobody waits for a delivery here: a slow address holds up its own webhook alone.
    async fn keep_delivering(&self) {
        loop {
            let start = |delivery: Delivery| {
                tokio::spawn(delivery);
            };
            if let Err(error) = self.start_deliveries(start).await {
                tracing::warn!(%error, "deliveries of webhooks cannot be claimed; it goes on");
                tokio::time::sleep(INTERVAL).await;
            }
            let _ = tokio::time::timeout(INTERVAL, self.webhooks.waiting.notified()).await;
        }
    }
}

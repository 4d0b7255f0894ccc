//! The request that tells a webhook: with ten seconds of patience, to hosts on the operator's list and no private address,
//! following nobody elsewhere.

use anyhow::{Error, ensure};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, StatusCode};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Notify, OnceCell, Semaphore};
use tracing::Instrument as _;

use super::{HOST_NOT_ALLOWED, WebhookSettings};
use crate::Timestamp;
use crate::outward::{AllowedHosts, Guard, GuardedNames, client};
use crate::trace;

/// For connecting, and for the whole answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of an answer that are read, so that its connection can be used again.
const MAX_ANSWER: usize = 64 * 1024;
/// Requests of this node on their way.
const AT_ONCE: usize = 200;
/// Characters of an error that are kept.
const MAX_ERROR: usize = 200;

/// What became of a request.
pub(crate) struct Attempt {
    /// The status of the answer; none without one.
    pub(crate) status: Option<u16>,
    /// Why there was none, or why it does not count.
    pub(crate) error: Option<String>,
    /// How long it took.
    pub(crate) duration_ms: i64,
}

impl Attempt {
    /// Whether it was accepted.
    pub(crate) fn is_success(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Whether the address says that it is gone for good.
    pub(crate) fn is_gone(&self) -> bool {
        self.status == Some(StatusCode::GONE.as_u16())
    }

    /// Whether nobody was asked, because the operator does not allow the host.
    pub(crate) fn is_not_allowed(&self) -> bool {
        self.status.is_none() && self.error.as_deref() == Some(HOST_NOT_ALLOWED)
    }
}

/// A client of every webhook. It reads the certificate authorities of the system at its first request.
pub(crate) struct WebhookCaller {
    pub(crate) names: GuardedNames,
    pub(crate) hosts: AllowedHosts,
    client: OnceCell<Client>,
    /// For requests on their way.
    pub(crate) room: Arc<Semaphore>,
    /// Told when a delivery may be due.
    pub(crate) waiting: Notify,
}

impl WebhookCaller {
    pub(crate) fn new(settings: WebhookSettings) -> Self {
        let guard = Guard { private_addresses: settings.private_addresses };
        Self {
            names: GuardedNames::new(guard, settings.names),
            hosts: settings.hosts,
            client: OnceCell::new(),
            room: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Notify::new(),
        }
    }

    /// Posts a body with the headers of Standard Webhooks.
    pub(crate) async fn post(&self, url: &str, id: &str, at: Timestamp, signatures: &str, body: String) -> Attempt {
        let began = Instant::now();
        let outcome = self.ask(url, id, at, signatures, body).instrument(trace::call("POST webhook")).await;
        let duration_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let (status, error) = match outcome {
            Ok(status) if status.is_redirection() => (Some(status), Some("redirects are not followed".to_owned())),
            Ok(status) => (Some(status), None),
            Err(error) => (None, Some(words(&error))),
        };
        Attempt { status: status.map(|status| status.as_u16()), error, duration_ms }
    }

    async fn ask(
        &self,
        url: &str,
        id: &str,
        at: Timestamp,
        signatures: &str,
        body: String,
    ) -> anyhow::Result<StatusCode> {
        // Judged each time: the settings of today may be others than those of its registration.
        let url = self.names.guard.parse(url)?;
        ensure!(self.hosts.contain(&url), HOST_NOT_ALLOWED);
        let client = self.client.get_or_try_init(|| async { client(self.names.clone(), TIMEOUT, TIMEOUT) }).await?;
        let mut request = client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", at.seconds())
            .header("webhook-signature", signatures)
            .body(body);
        if let Some(traceparent) = trace::traceparent() {
            request = request.header("traceparent", traceparent);
        }
        // An address may hold a key.
        let mut response = request.send().await.map_err(reqwest::Error::without_url)?;
        let mut read = 0;
        while read < MAX_ANSWER {
            match response.chunk().await {
                Ok(Some(part)) => read += part.len(),
                // What was accepted is accepted, whatever becomes of the rest of the answer.
                Ok(None) | Err(_) => break,
            }
        }
        Ok(response.status())
    }
}

fn words(error: &Error) -> String {
    if error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout) {
        return format!("no answer within {} seconds", TIMEOUT.as_secs());
    }
    // Names in a certificate are its owner's words, and a database need not take every text.
    format!("{error:#}").chars().filter(|character| !character.is_control()).take(MAX_ERROR).collect()
}

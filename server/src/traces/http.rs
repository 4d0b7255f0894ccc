//! How the collector is asked: with little patience, following it nowhere else, and by nobody in between. Whoever asks is a
//! thread outside of the runtime, so the question runs inside of it.

use anyhow::Context as _;
use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use reqwest::Client;
use reqwest::redirect::Policy;
use tokio::runtime::Handle;

use super::collector::PATIENCE;

/// Bytes of an answer that are read.
const MAX_ANSWER: usize = 64 * 1024;

/// A client of the collector.
#[derive(Debug)]
pub(super) struct Sender {
    client: Client,
    runtime: Handle,
}

impl Sender {
    /// Prepares the client; it connects at its first question.
    ///
    /// # Errors
    /// When the system has no certificate authorities.
    pub(super) fn new(runtime: Handle) -> anyhow::Result<Self> {
        let client = Client::builder()
            .user_agent("Keywright")
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE)
            .build()
            .context("the client of the collector")?;
        Ok(Self { client, runtime })
    }
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        self.runtime.spawn(async move { ask(&client, request).await }).await?
    }
}

async fn ask(client: &Client, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let (parts, body) = request.into_parts();
    let asked = client.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body);
    let mut answer = asked.send().await.map_err(reqwest::Error::without_url)?;
    let mut read = Vec::new();
    while read.len() < MAX_ANSWER
        && let Some(part) = answer.chunk().await.map_err(reqwest::Error::without_url)?
    {
        read.extend_from_slice(&part);
    }
    Ok(Response::builder().status(answer.status()).body(Bytes::from(read))?)
}

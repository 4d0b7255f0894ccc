//! How the authority is asked: with little patience, for little, and following it nowhere else.

use anyhow::Context as _;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use hyper::body::Bytes;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client};
use std::pin::Pin;
use std::time::Duration;

use super::AcmeSettings;

const TIMEOUT: Duration = Duration::from_secs(20);
/// Bytes of a question or an answer: a chain has a few thousand.
const MOST_BYTES: usize = 256 * 1024;

/// A client of one authority.
pub(super) struct Http(Client);

impl Http {
    /// Prepares the client.
    ///
    /// # Errors
    /// When `acme_ca` has no certificate, or the system has no certificate authorities.
    pub(super) fn new(settings: &AcmeSettings) -> anyhow::Result<Self> {
        let authorities = settings.ca_pem.as_deref().map(Certificate::from_pem_bundle).transpose();
        let client = Client::builder()
            .user_agent("Keywright")
            .redirect(Policy::none())
            // Also where its own answers send us. In the clear it is asked on this machine alone (`settings/acme.rs`).
            .https_only(!settings.directory.starts_with("http:"))
            .no_proxy()
            .connect_timeout(TIMEOUT)
            .timeout(TIMEOUT)
            .tls_certs_merge(authorities.context("acme_ca is no PEM")?.unwrap_or_default())
            .build()
            .context("the client of the authority")?;
        Ok(Self(client))
    }
}

impl HttpClient for Http {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        Box::pin(ask(self.0.clone(), request))
    }
}

async fn ask(client: Client, request: Request<BodyWrapper<Bytes>>) -> Result<BytesResponse, Error> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(Body::new(body), MOST_BYTES).await.map_err(other)?;
    let request = client.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body);
    let mut answer = request.send().await.map_err(|error| other(error.without_url()))?;
    let mut read = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|error| other(error.without_url()))? {
        if read.len() + part.len() > MOST_BYTES {
            return Err(Error::Str("an answer of a bearable size"));
        }
        read.extend_from_slice(&part);
    }
    let (mut parts, ()) = Response::new(()).into_parts();
    parts.status = answer.status();
    parts.headers = answer.headers().clone();
    Ok(BytesResponse { parts, body: Box::new(Bytes::from(read)) })
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Other(Box::new(error))
}

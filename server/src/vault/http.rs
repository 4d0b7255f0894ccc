//! How a vault is asked: with little patience, for little, following it nowhere else, and by nobody in between.

use anyhow::{Context as _, ensure};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, RequestBuilder, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde_json::json;
use std::time::Duration;

use super::VaultSettings;
use super::answer::{Answered, Authenticated, Granted, Kept};
use super::fault::{Failure, Fault, Question};

/// Bytes of an answer; a dozen secrets have a few thousand.
const MAX_ANSWER: usize = 256 * 1024;

/// A client of one vault.
pub(super) struct Http {
    client: Client,
    /// With `/v1` at its end.
    base: String,
    namespace: Option<HeaderValue>,
}

impl Http {
    /// Prepares the client; it connects at its first question.
    ///
    /// # Errors
    /// When `vault_ca` has no certificate, or the system has no certificate authorities.
    pub(super) fn new(settings: &VaultSettings, timeout: Duration) -> anyhow::Result<Self> {
        let mut authorities = Vec::new();
        if let Some(pem) = &settings.ca_pem {
            authorities = Certificate::from_pem_bundle(pem).context("vault_ca is no PEM")?;
            ensure!(!authorities.is_empty(), "vault_ca has no certificate");
        }
        let client = Client::builder()
            .user_agent("Keywright")
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(timeout)
            .timeout(timeout)
            .tls_certs_merge(authorities)
            .build()
            .context("the client of the vault")?;
        let namespace =
            settings.namespace.as_deref().map(HeaderValue::from_str).transpose().context("vault_namespace")?;
        Ok(Self { client, base: format!("{}/v1", settings.address), namespace })
    }

    /// Logs a role in.
    pub(super) async fn log_in(&self, role_id: &SecretString, secret_id: &SecretString) -> Result<Granted, Failure> {
        let body = json!({"role_id": role_id.expose_secret(), "secret_id": secret_id.expose_secret()}).to_string();
        let request = self.client.post(format!("{}/auth/approle/login", self.base));
        let request = request.header(CONTENT_TYPE, "application/json").body(body);
        self.ask(Question::LogIn, request).await.map(|Authenticated { auth }| auth)
    }

    /// Asks for as much more time of a token as it was made with.
    pub(super) async fn renew(&self, token: &SecretString) -> Result<Granted, Failure> {
        let request = self.client.post(format!("{}/auth/token/renew-self", self.base));
        let request = with_token(request, token).header(CONTENT_TYPE, "application/json").body("{}");
        self.ask(Question::Renew, request).await.map(|Authenticated { auth }| auth)
    }

    /// Reads the newest version of a secret.
    pub(super) async fn read(&self, token: &SecretString, path: &str) -> Result<Kept, Failure> {
        let request = with_token(self.client.get(format!("{}/{path}", self.base)), token);
        self.ask(Question::Read, request).await.map(|Answered { data }| data)
    }

    async fn ask<T: DeserializeOwned>(&self, question: Question, request: RequestBuilder) -> Result<T, Failure> {
        self.answer(request).await.map_err(|fault| Failure { question, fault })
    }

    async fn answer<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Fault> {
        // An agent of the vault may demand it: a browser that is led there cannot send it.
        let mut request = request.header("x-vault-request", "true");
        if let Some(namespace) = &self.namespace {
            request = request.header("x-vault-namespace", namespace.clone());
        }
        let mut response = request.send().await.map_err(silent)?;
        if response.status() != StatusCode::OK {
            return Err(Fault::Status(response.status()));
        }
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(silent)? {
            if body.len() + part.len() > MAX_ANSWER {
                return Err(Fault::Invalid(format!("it is larger than {} KiB", MAX_ANSWER / 1024)));
            }
            body.extend_from_slice(&part);
        }
        // What was wrong is told by its place: the words of the reader may hold a secret.
        serde_json::from_slice(&body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Fault::Invalid(format!("it is not as its API has it, at line {line}, column {column}"))
        })
    }
}

/// A token that no header can carry is sent as none, and refused as that.
fn with_token(request: RequestBuilder, token: &SecretString) -> RequestBuilder {
    let Ok(mut value) = HeaderValue::from_str(token.expose_secret()) else { return request };
    value.set_sensitive(true);
    request.header("x-vault-token", value)
}

fn silent(error: reqwest::Error) -> Fault {
    Fault::Silent(error.without_url().into())
}

#[cfg(test)]
mod tests {
    use super::super::Identity;
    use super::*;

    #[test]
    fn an_authority_that_is_none_is_refused() {
        for pem in ["hunter2", "-----BEGIN CERTIFICATE-----\nhunter2"] {
            let settings = VaultSettings {
                address: "https://vault.example.com".to_owned(),
                path: "secret/data/keywright".to_owned(),
                namespace: None,
                identity: Identity::Token(SecretString::from("token")),
                ca_pem: Some(pem.as_bytes().to_vec()),
            };
            let error = format!("{:#}", Http::new(&settings, Duration::from_secs(1)).err().unwrap());
            assert!(error.contains("vault_ca") && !error.contains("hunter2"), "{error}");
        }
    }
}

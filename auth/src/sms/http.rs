//! What the senders over HTTP have in common: a client that waits for nobody, follows nobody elsewhere and says in
//! errors nothing of what it sent.

use anyhow::{Context as _, anyhow};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use std::time::Duration;

use super::sender::SendFailure;

/// For connecting, and for the whole answer: far below the claim of a job.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of a refusal that are looked at.
const MAX_REFUSAL: usize = 16 * 1024;

/// Prepares the client; connects at the first SMS.
///
/// # Errors
/// When the system has no certificate authorities.
pub(super) fn client() -> anyhow::Result<Client> {
    Client::builder()
        .user_agent("Keywright")
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(TIMEOUT)
        .timeout(TIMEOUT)
        .build()
        .context("the client of the SMS service")
}

/// Sends a request and judges the answer by its status. A service that asks for patience (408, 429) or is at fault
/// itself is tried again; what else is no success is refused for good.
pub(super) async fn send(request: RequestBuilder) -> Result<(), SendFailure> {
    // Errors are logged: the address may tell an account.
    let response = request.send().await.map_err(|error| SendFailure::Later(error.without_url().into()))?;
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let code = refusal_code(response).await.map(|code| format!(", its code {code}")).unwrap_or_default();
    let error = anyhow!("the SMS service refused: its status is {}{code}", status.as_u16());
    let is_patient = matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS);
    Err(if is_patient || status.is_server_error() { SendFailure::Later(error) } else { SendFailure::Never(error) })
}

/// The number that a service like Twilio gives a refusal. Its sentence is not kept: it tells the phone number.
async fn refusal_code(mut response: Response) -> Option<i64> {
    let mut answer = Vec::new();
    while let Some(part) = response.chunk().await.ok()? {
        if answer.len() + part.len() > MAX_REFUSAL {
            return None;
        }
        answer.extend_from_slice(&part);
    }
    serde_json::from_slice::<Value>(&answer).ok()?.get("code")?.as_i64()
}

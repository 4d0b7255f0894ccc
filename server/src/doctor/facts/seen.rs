//! What people meet at the public address: asked from outside, through whatever stands before the program. Nothing is
//! changed by it: a page is read, and a language is chosen by nobody who is signed in.

use anyhow::Context as _;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use std::time::Duration;
use url::Url;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The status of the page to sign in at.
    pub status: u16,
    /// Its `Strict-Transport-Security`.
    pub hsts: Option<String>,
    /// Whether its policy of content came whole, and nobody may guess at the kind of it.
    pub is_guarded: bool,
    /// The cookie that a form sets, with its attributes; none when none came.
    pub cookie: Option<String>,
    /// What answers without https; none where the address has a port of its own.
    pub plain: Option<Plain>,
}

/// What answers to http.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// Nobody.
    Silent,
    /// Somebody leads to https.
    Leads,
    /// Somebody answers in the clear.
    Answers,
}

impl Seen {
    /// Looks.
    ///
    /// # Errors
    /// When the address does not answer over https.
    pub async fn look(public_url: &str) -> anyhow::Result<Self> {
        let client = client()?;
        let page = client.get(format!("{public_url}/sign-in")).header("accept", "text/html").send().await;
        let page = page.map_err(reqwest::Error::without_url)?;
        let form = client.post(format!("{public_url}/rpc/choose_locale")).header(ORIGIN, public_url);
        let form = form.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body("locale=en");
        let form = form.send().await.map_err(reqwest::Error::without_url)?;
        let text = |headers: &HeaderMap, name: &str| {
            headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let plain = match plain_address(public_url) {
            Some(address) => Some(Plain::look(&address).await?),
            None => None,
        };
        let guard = text(page.headers(), "content-security-policy").unwrap_or_default();
        let kind = text(page.headers(), "x-content-type-options").unwrap_or_default();
        Ok(Self {
            status: page.status().as_u16(),
            hsts: text(page.headers(), "strict-transport-security"),
            is_guarded: guard.contains("require-trusted-types-for") && kind == "nosniff",
            cookie: text(form.headers(), SET_COOKIE.as_str()),
            plain,
        })
    }
}

impl Plain {
    /// Looks at an address without https.
    ///
    /// # Errors
    /// Never in practice: when there can be no client.
    pub async fn look(address: &str) -> anyhow::Result<Self> {
        let answer = client()?.get(address).send().await;
        Ok(answer.map_or(Self::Silent, |answer| if leads(&answer) { Self::Leads } else { Self::Answers }))
    }
}

/// What comes back to it is looked at as it is, by nobody in between.
fn client() -> anyhow::Result<Client> {
    let client = Client::builder().user_agent("Keywright").redirect(Policy::none()).no_proxy();
    client.connect_timeout(PATIENCE).timeout(PATIENCE).build().context("a client for the public address")
}

/// Where people come who type the name alone; none where the address has a port of its own.
fn plain_address(public_url: &str) -> Option<String> {
    let url = Url::parse(public_url).ok().filter(|url| url.scheme() == "https" && url.port().is_none())?;
    Some(format!("http://{}/", url.host_str()?))
}

fn leads(answer: &Response) -> bool {
    let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok());
    answer.status().is_redirection() && to.is_some_and(|to| to.starts_with("https://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_https_the_name_alone_is_asked() {
        for (public_url, address) in [
            ("https://id.example.com", Some("http://id.example.com/")),
            ("https://id.example.com:443", Some("http://id.example.com/")),
            ("https://[2001:db8::7]", Some("http://[2001:db8::7]/")),
            ("https://id.example.com:8443", None),
            ("http://id.example.com", None),
        ] {
            assert_eq!(plain_address(public_url).as_deref(), address, "{public_url}");
        }
    }
}

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
        // What comes back is looked at as it is, by nobody in between.
        let client = Client::builder()
            .user_agent("Keywright")
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE)
            .build()
            .context("a client for the public address")?;
        let page = client.get(format!("{public_url}/sign-in")).header("accept", "text/html").send().await;
        let page = page.map_err(reqwest::Error::without_url)?;
        let form = client.post(format!("{public_url}/rpc/choose_locale")).header(ORIGIN, public_url);
        let form = form.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body("locale=en");
        let form = form.send().await.map_err(reqwest::Error::without_url)?;
        let text = |headers: &HeaderMap, name: &str| {
            headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let guard = text(page.headers(), "content-security-policy").unwrap_or_default();
        let kind = text(page.headers(), "x-content-type-options").unwrap_or_default();
        Ok(Self {
            status: page.status().as_u16(),
            hsts: text(page.headers(), "strict-transport-security"),
            is_guarded: guard.contains("require-trusted-types-for") && kind == "nosniff",
            cookie: text(form.headers(), SET_COOKIE.as_str()),
            plain: plain(&client, public_url).await,
        })
    }
}

async fn plain(client: &Client, public_url: &str) -> Option<Plain> {
    let url = Url::parse(public_url).ok().filter(|url| url.scheme() == "https" && url.port().is_none())?;
    let answer = client.get(format!("http://{}/", url.host_str()?)).send().await;
    Some(answer.map_or(Plain::Silent, |answer| if leads(&answer) { Plain::Leads } else { Plain::Answers }))
}

fn leads(answer: &Response) -> bool {
    let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok());
    answer.status().is_redirection() && to.is_some_and(|to| to.starts_with("https://"))
}

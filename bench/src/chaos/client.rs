//! A client as patient as a browser with a person before it: an answer that says when to come again is believed, and one that
//! never came is asked for again with the same words. It counts every answer, those that refused included. It speaks TLS and
//! HTTP/2, and nothing else.

use anyhow::bail;
use reqwest::{Certificate, Method, redirect};
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::counts::Counts;
use super::nginx::HOST;
use crate::http::Answer;

/// Whoever trusts it believes the certificates of the tests.
const AUTHORITY: &[u8] = include_bytes!("../../../auth/tests/certificates/authority.pem");
/// How long one answer is waited for: longer than a node lets any request last, and less than the proxy waits for a node that is
/// silent. So whoever waits in vain was kept waiting by the product.
const PATIENCE: Duration = Duration::from_secs(40);
/// How long an act is tried before it is given up: longer than everything that is broken here is broken.
pub const LONGEST: Duration = Duration::from_secs(180);
/// What a program says of its words.
pub const JSON: (&str, &str) = ("content-type", "application/json");
/// Before an act is repeated that was not answered.
const PAUSE: Duration = Duration::from_millis(300);

/// A client of the proxy.
pub struct Client {
    http: reqwest::Client,
    origin: String,
    counts: Arc<Counts>,
}

/// Names and values of headers.
pub type Headers<'a> = &'a [(&'a str, &'a str)];

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub headers: Headers<'a>,
    pub body: &'a str,
}

impl<'a> Ask<'a> {
    /// A call with JSON.
    pub fn json(path: &'a str, body: &'a str) -> Self {
        Self { method: "POST", path, headers: &[JSON], body }
    }
}

impl Client {
    /// One at an address of its own: what nginx lets one address ask is less than all of them ask.
    pub fn new(port: u16, number: u8, counts: Arc<Counts>) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([Certificate::from_pem(AUTHORITY)?])
            .http2_prior_knowledge()
            .resolve(HOST, SocketAddr::from(([127, 0, 0, 1], port)))
            .local_address(IpAddr::from([127, 0, 1, number]))
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        Ok(Self { http, origin: format!("https://{HOST}:{port}"), counts })
    }

    /// The first answer that is no "come again", and whether it took more than one try.
    pub async fn ask(&self, ask: Ask<'_>) -> anyhow::Result<(Answer, bool)> {
        let (began, mut is_repeated) = (Instant::now(), false);
        while began.elapsed() < LONGEST {
            match self.once(ask).await {
                Some(answer) if answer.status != 503 => return Ok((answer, is_repeated)),
                refused => wait(refused.as_ref()).await,
            }
            is_repeated = true;
        }
        bail!("{} {} was not answered for {} s", ask.method, ask.path, LONGEST.as_secs())
    }

    /// One try.
    pub async fn once(&self, ask: Ask<'_>) -> Option<Answer> {
        let answer = match self.send(ask).await {
            Ok(answer) => answer,
            Err(error) => {
                self.counts.note("no answer");
                if is_silence(&error) {
                    self.counts.note(&format!("bad silence {} {}", ask.method, ask.path));
                }
                return None;
            }
        };
        self.counts.note("answers");
        match answer.status {
            503 if retry_after(&answer).is_some() => self.counts.note("503 with Retry-After"),
            500.. => self.counts.note(&format!("bad {} {} {}", answer.status, ask.method, ask.path)),
            _ => {}
        }
        Some(answer)
    }

    async fn send(&self, ask: Ask<'_>) -> anyhow::Result<Answer> {
        let Ask { method, path, headers, body } = ask;
        let request = self.http.request(Method::from_bytes(method.as_bytes())?, format!("{}{path}", self.origin));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = request.body(body.to_owned()).send().await?;
        let status = answer.status().as_u16();
        let mut head = String::new();
        for (name, value) in answer.headers() {
            writeln!(head, "{name}: {}", value.to_str()?)?;
        }
        Ok(Answer { status, head, body: answer.bytes().await?.to_vec() })
    }
}

/// Whether nothing was said for as long as it was waited for. A connection that breaks off is told at once.
fn is_silence(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout))
}

/// Waits for as long as an answer says, or for a moment when there was none.
pub async fn wait(refused: Option<&Answer>) {
    tokio::time::sleep(refused.and_then(retry_after).unwrap_or(PAUSE)).await;
}

fn retry_after(answer: &Answer) -> Option<Duration> {
    let told = answer.head.lines().find_map(|line| line.strip_prefix("retry-after:"))?;
    told.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// What becomes of a question at this port.
    async fn asked(port: u16) -> anyhow::Error {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_millis(300)).build().unwrap();
        http.get(format!("http://127.0.0.1:{port}/")).send().await.expect_err("nobody answers").into()
    }

    #[tokio::test]
    async fn who_says_nothing_is_told_from_who_breaks_off() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(is_silence(&asked(port).await), "it takes connections and says nothing");
        drop(listener);
        assert!(!is_silence(&asked(port).await), "nobody is there");
    }
}

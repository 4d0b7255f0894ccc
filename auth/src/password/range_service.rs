//! Whether a password is known to a service that speaks the range protocol of Have I Been Pwned
//! (Pwned Passwords, API v3): it is told 5 of the 40 hexadecimal digits of SHA-1 and answers with
//! the rest of every leaked password that begins so. It never learns which was meant (k-anonymity).
//!
//! It keeps nobody out by being down: what it does not answer counts as not leaked.

use anyhow::{Context as _, ensure};
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use url::{Host, Url};
use zeroize::Zeroizing;

use super::NewPassword;
use super::hash::normalized;
use crate::Timestamp;

/// For connecting, and for the whole answer: somebody waits for it.
const TIMEOUT: Duration = Duration::from_secs(2);
/// An answer with padding has about 80 KB.
const MAX_ANSWER: usize = 2 * 1024 * 1024;
/// Seconds without a question after a failure.
const PAUSE: i64 = 30;
/// Hexadecimal digits that leave the machine.
const PREFIX: usize = 5;

/// Where a range service is: https, or http on this machine.
#[derive(Clone)]
pub struct RangeUrl(String);

impl RangeUrl {
    /// Reads an address such as `https://range.example.com/range`; the five digits follow behind it.
    ///
    /// # Errors
    /// When it is no address, would send in the clear, or has more than a path.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let url = Url::parse(text).context("it is no address")?;
        let is_local = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_local);
        ensure!(is_safe, "it must be https://…, or http://… on this machine");
        ensure!(url.username().is_empty() && url.password().is_none(), "it must name no user");
        ensure!(url.query().is_none() && url.fragment().is_none(), "it must end with its path");
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

/// A client of one service.
pub struct RangeService {
    client: Client,
    url: RangeUrl,
    failed_at: Mutex<Option<Timestamp>>,
}

impl RangeService {
    /// Prepares the client; connects at the first question.
    ///
    /// # Errors
    /// When the system has no certificate authorities.
    pub fn new(url: RangeUrl) -> anyhow::Result<Self> {
        let client = Client::builder()
            .user_agent("Keywright")
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(TIMEOUT)
            .timeout(TIMEOUT)
            .build()
            .context("the client of the range service")?;
        Ok(Self { client, url, failed_at: Mutex::new(None) })
    }

    /// Whether the service knows the password from a leak. It may take two seconds: never call it in
    /// a transaction. After a failure nobody is asked for 30 seconds.
    pub async fn is_leaked(&self, password: &NewPassword, now: Timestamp) -> bool {
        if is_pause(*self.failed_at(), now) {
            return false;
        }
        match self.ask(password).await {
            Ok(is_leaked) => is_leaked,
            Err(error) => {
                self.pause(now, &error);
                false
            }
        }
    }

    async fn ask(&self, password: &NewPassword) -> anyhow::Result<bool> {
        let digits = sha1_digits(password);
        let (prefix, suffix) = digits.split_at(PREFIX);
        is_in(&self.fetch(prefix).await?, suffix)
    }

    async fn fetch(&self, prefix: &str) -> anyhow::Result<String> {
        let request = self.client.get(format!("{}/{prefix}", self.url.0)).header("Add-Padding", "true");
        // Errors are logged: the address would tell the digits.
        let mut response = request.send().await.map_err(reqwest::Error::without_url)?;
        ensure!(response.status() == StatusCode::OK, "its status is {}", response.status().as_u16());
        let mut answer = Vec::new();
        while let Some(part) = response.chunk().await.map_err(reqwest::Error::without_url)? {
            ensure!(answer.len() + part.len() <= MAX_ANSWER, "its answer is too large");
            answer.extend_from_slice(&part);
        }
        String::from_utf8(answer).context("its answer is no text")
    }

    /// Of the questions that fail together only one is logged.
    fn pause(&self, now: Timestamp, error: &anyhow::Error) {
        let mut failed_at = self.failed_at();
        if !is_pause(*failed_at, now) {
            let error = format!("{error:#}");
            tracing::warn!(error, "the service of leaked passwords fails; it is not asked for {PAUSE} s");
        }
        *failed_at = Some(now);
    }

    fn failed_at(&self) -> MutexGuard<'_, Option<Timestamp>> {
        self.failed_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A clock that was set back ends the pause.
fn is_pause(failed_at: Option<Timestamp>, now: Timestamp) -> bool {
    failed_at.is_some_and(|failed_at| (0..PAUSE).contains(&now.seconds_since(failed_at)))
}

/// SHA-1 is what the protocol speaks. It protects nothing here.
fn sha1_digits(password: &NewPassword) -> Zeroizing<String> {
    let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, normalized(password.expose()).as_bytes());
    let digits = digest.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
    Zeroizing::new(digits.map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])).collect())
}

/// Whether an answer names the suffix. Lines with a count of 0 are padding.
pub(super) fn is_in(answer: &str, suffix: &str) -> anyhow::Result<bool> {
    let mut found = false;
    for line in answer.lines() {
        let (listed, count) = line.split_once(':').context("a line has no count")?;
        let count: u64 = count.trim().parse().context("a count is no number")?;
        let is_suffix = listed.len() == suffix.len() && listed.bytes().all(|byte| byte.is_ascii_hexdigit());
        ensure!(is_suffix, "a line has no suffix");
        found |= count > 0 && listed.eq_ignore_ascii_case(suffix);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUFFIX: &str = "AD6438836DBE526AA231ABDE2D0EEF74D42";

    #[test]
    fn five_of_forty_digits_are_told() {
        let password = NewPassword::parse("correct horse battery staple", "", "").ok().unwrap();
        assert_eq!(sha1_digits(&password).split_at(PREFIX), ("ABF7A", SUFFIX));
    }

    #[test]
    fn an_answer_names_suffixes_and_how_often_they_leaked() {
        let other = "0018A45C4D1DEF81644B54AB7F969B88D65:10\r\n";
        for (answer, expected) in [
            (String::new(), false),
            (other.to_owned(), false),
            (format!("{other}{SUFFIX}:3\r\n"), true),
            (format!("{}:1", SUFFIX.to_lowercase()), true),
            (format!("{other}{SUFFIX}:0\r\n"), false),
        ] {
            assert_eq!(is_in(&answer, SUFFIX).unwrap(), expected, "{answer}");
        }
        for broken in ["<html>", "ABC:1", &format!("{SUFFIX}:many"), &format!("{SUFFIX}:3\r\n<html>")] {
            assert!(is_in(broken, SUFFIX).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_failure_is_followed_by_half_a_minute_without_questions() {
        let failed_at = Some(Timestamp(1_000_000));
        let after = |seconds| Timestamp(1_000_000).plus_seconds(seconds);
        assert!(is_pause(failed_at, after(0)) && is_pause(failed_at, after(29)));
        assert!(!is_pause(failed_at, after(30)) && !is_pause(None, after(0)));
        assert!(!is_pause(failed_at, after(-1)), "the clock was set back");
    }

    #[test]
    fn nothing_is_sent_in_the_clear_beyond_this_machine() {
        for good in [
            "https://range.example.com/range/",
            "http://127.0.0.1:8080/range",
            "http://[::1]:1",
            "http://localhost:1/x",
        ] {
            assert!(RangeUrl::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "range.example.com",
            "http://range.example.com/range",
            "http://localhost.example.com",
            "http://10.0.0.1/range",
            "ftp://127.0.0.1/range",
            "https://user:secret@range.example.com/range",
            "https://range.example.com/range?key=1",
            "https://range.example.com/range#top",
        ] {
            assert!(RangeUrl::parse(bad).is_err(), "{bad}");
        }
    }
}

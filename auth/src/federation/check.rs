//! What `keywright doctor` finds out about a provider, asked anew and not from what is kept.

use jiff::fmt::rfc2822::DateTimeParser;

use super::discovery::Discovery;
use super::github::GitHub;
use super::http::{Answer, Http};
use super::keys::{self, ProviderKeys};
use super::provider::{Protocol, Provider};
use super::{ProviderFault, ProviderSettings};
use crate::Timestamp;

/// Seconds that clocks may differ before it is said.
const CLOCK: i64 = 30;

/// One thing that was found.
pub struct Finding {
    /// Whether nobody will get in.
    pub is_fault: bool,
    /// What it is, as a sentence in English.
    pub text: String,
}

impl Finding {
    fn good(text: impl Into<String>) -> Self {
        Self { is_fault: false, text: text.into() }
    }

    fn fault(text: impl Into<String>) -> Self {
        Self { is_fault: true, text: text.into() }
    }
}

impl Provider {
    /// Asks the provider about itself, and says what is right and what is wrong: discovery, issuer, keys, algorithms,
    /// PKCE, and whether its clock is ours. It takes seconds.
    pub async fn check(&self, now: Timestamp) -> Vec<Finding> {
        match &self.protocol {
            Protocol::OpenId(openid) => check_openid(&self.http, self.settings(), &openid.issuer, now).await,
            Protocol::GitHub(github) => check_github(&self.http, github, now).await,
        }
    }
}

async fn check_openid(http: &Http, settings: &ProviderSettings, issuer: &str, now: Timestamp) -> Vec<Finding> {
    let answer = match Discovery::answer(http, issuer).await {
        Ok(answer) => answer,
        Err(fault) => return vec![Finding::fault(format!("Discovery of {issuer} fails: {}.", words(&fault)))],
    };
    let mut findings = vec![clock(&answer, now)];
    let discovery = match Discovery::read(&answer, issuer, http.guard) {
        Ok(discovery) => discovery,
        Err(fault) => {
            findings.push(Finding::fault(format!("Discovery of {issuer}: {}.", words(&fault))));
            return findings;
        }
    };
    findings.push(Finding::good(format!("Discovery works; the issuer is {}.", discovery.issuer.as_str())));
    findings.push(match ProviderKeys::fetch(http.clone(), discovery.keys.clone()).await {
        Ok(_) => Finding::good("It has keys that can be used."),
        Err(fault) => Finding::fault(format!("Its keys: {}.", words(&fault))),
    });
    findings.push(algorithms(&discovery));
    findings.push(pkce(&discovery));
    if settings.scopes.iter().all(|scope| scope != "email") {
        findings.push(Finding::good("The scope `email` is not asked for: people will have to type their address."));
    }
    findings
}

async fn check_github(http: &Http, github: &GitHub, now: Timestamp) -> Vec<Finding> {
    match github.greet(http).await {
        Ok(answer) => vec![Finding::good(format!("The API of {} answers.", github.site)), clock(&answer, now)],
        Err(fault) => vec![Finding::fault(format!("The API of {} fails: {}.", github.site, words(&fault)))],
    }
}

fn algorithms(discovery: &Discovery) -> Finding {
    match &discovery.algorithms {
        None => Finding::good("It does not tell how its tokens are signed."),
        Some(all) if all.iter().any(|name| keys::algorithm(name).is_some()) => {
            Finding::good("It signs its tokens in a way that is taken.")
        }
        Some(_) => Finding::fault("It signs its tokens only in ways that are not taken."),
    }
}

fn pkce(discovery: &Discovery) -> Finding {
    match &discovery.pkce_methods {
        None => Finding::good("It does not tell whether it knows PKCE; it is sent anyway."),
        Some(methods) if methods.iter().any(|method| method == "S256") => Finding::good("It knows PKCE with S256."),
        Some(_) => Finding::fault("It knows PKCE, but not S256."),
    }
}

/// The header `Date` (RFC 9110, 6.6.1) against our clock: ID tokens from the future are refused.
fn clock(answer: &Answer, now: Timestamp) -> Finding {
    let told = answer.date.as_deref().and_then(|date| DateTimeParser::new().parse_timestamp(date).ok());
    let Some(told) = told else { return Finding::good("It does not tell its time.") };
    let ahead = Timestamp(told.as_millisecond()).seconds_since(now);
    if ahead.abs() <= CLOCK {
        Finding::good("Its clock agrees with ours.")
    } else if ahead > 0 {
        Finding::fault(format!("Its clock is {ahead} s ahead of ours."))
    } else {
        Finding::fault(format!("Its clock is {} s behind ours.", ahead.abs()))
    }
}

fn words(fault: &ProviderFault) -> String {
    match fault {
        ProviderFault::Unavailable(error) | ProviderFault::Invalid(error) | ProviderFault::Refused(error) => {
            format!("{error:#}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::StatusCode;

    #[test]
    fn clocks_are_compared() {
        let now = Timestamp(1_800_000_000_000);
        let told = |date: Option<&str>| {
            let answer = Answer { status: StatusCode::OK, date: date.map(str::to_owned), body: Vec::new() };
            clock(&answer, now)
        };
        assert!(!told(Some("Fri, 15 Jan 2027 08:00:00 GMT")).is_fault, "it is ours");
        assert!(!told(None).is_fault && !told(Some("today")).is_fault);
        let ahead = told(Some("Fri, 15 Jan 2027 08:01:00 GMT"));
        assert!(ahead.is_fault && ahead.text.contains("60 s ahead"), "{}", ahead.text);
        let behind = told(Some("Fri, 15 Jan 2027 07:00:00 GMT"));
        assert!(behind.is_fault && behind.text.contains("3600 s behind"), "{}", behind.text);
    }
}

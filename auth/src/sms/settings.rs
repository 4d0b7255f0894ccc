//! How SMS leave, as an operator writes it.

use anyhow::{Context as _, bail, ensure};
use secrecy::SecretString;
use std::sync::Arc;
use url::{Host, Url, form_urlencoded};

use super::dev_inbox::DevInboxSender;
use super::sender::SmsSender;
use super::twilio::{TwilioSender, TwilioSettings};
use super::webhook::{WebhookSender, WebhookSettings};
use crate::PhoneNumber;
use crate::store::Store;

/// Shortest key of signatures, in bytes: as long as what SHA-256 gives (RFC 2104, 3).
const MIN_SECRET: usize = 32;

/// A way out for SMS.
#[derive(Clone)]
pub enum SmsSettings {
    /// The page `/dev/inbox`; in development only.
    DevInbox,
    /// Twilio, or a service like it.
    Twilio(TwilioSettings),
    /// A program of the operator.
    Webhook(WebhookSettings),
}

impl SmsSettings {
    /// Reads `twilio+https://SID:TOKEN@api.twilio.com?from=+15550100199` (or `?service=MG…`), or the address of a
    /// webhook, whose messages are signed with `secret`.
    ///
    /// # Errors
    /// When it is no address, would send in the clear, or lacks something. Nothing in it tells a secret.
    pub fn parse(text: &str, secret: Option<&str>) -> anyhow::Result<Self> {
        match text.strip_prefix("twilio+") {
            Some(rest) => Ok(Self::Twilio(twilio(&private_url(rest)?)?)),
            None => Ok(Self::Webhook(webhook(&private_url(text)?, secret)?)),
        }
    }

    /// Prepares the way out.
    pub(crate) fn into_sender(self, store: &Store) -> anyhow::Result<Arc<dyn SmsSender>> {
        let sender: Arc<dyn SmsSender> = match self {
            Self::DevInbox => Arc::new(DevInboxSender(store.clone())),
            Self::Twilio(settings) => Arc::new(TwilioSender::new(settings)?),
            Self::Webhook(settings) => Arc::new(WebhookSender::new(settings)?),
        };
        Ok(sender)
    }
}

fn twilio(url: &Url) -> anyhow::Result<TwilioSettings> {
    let is_plain =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
    let token = url.password().unwrap_or_default();
    ensure!(is_plain(url.username()) && is_plain(token), "it must name SID:TOKEN, of letters and digits");
    // A plus is no blank here: numbers begin with one.
    let query = url.query().unwrap_or_default().replace('+', "%2B");
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let from = match pairs.as_slice() {
        [(name, number)] if name == "from" && is_origin(number) => ("From", number.clone()),
        [(name, service)] if name == "service" && is_plain(service) => ("MessagingServiceSid", service.clone()),
        _ => bail!("it must end in ?from=+15550100199, ?from=NAME or ?service=MG…"),
    };
    ensure!(url.fragment().is_none(), "it must end with its query");
    let mut base = url.clone();
    let is_bare = base.set_username("").is_ok() && base.set_password(None).is_ok();
    ensure!(is_bare, "it names no host");
    base.set_query(None);
    Ok(TwilioSettings {
        base: base.as_str().trim_end_matches('/').to_owned(),
        account: url.username().to_owned(),
        token: SecretString::from(token),
        from,
    })
}

/// A number, a short code, or a name of at most eleven characters.
fn is_origin(from: &str) -> bool {
    let is_name = (1..=11).contains(&from.len()) && from.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ');
    is_name || PhoneNumber::parse(from).is_ok_and(|number| number.as_str() == from)
}

fn webhook(url: &Url, secret: Option<&str>) -> anyhow::Result<WebhookSettings> {
    ensure!(url.username().is_empty() && url.password().is_none(), "it must name no user");
    ensure!(url.fragment().is_none(), "it must have no fragment");
    let secret = secret.context("a webhook needs sms_secret, made by `openssl rand -base64 48`")?;
    ensure!(secret.len() >= MIN_SECRET, "sms_secret must have at least {MIN_SECRET} bytes");
    Ok(WebhookSettings { url: url.as_str().to_owned(), secret: SecretString::from(secret) })
}

/// An address that nobody listens in on: https, or http on this machine.
fn private_url(text: &str) -> anyhow::Result<Url> {
    let url = Url::parse(text).context("it is no address")?;
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let is_private = url.scheme() == "https" || (url.scheme() == "http" && is_local);
    ensure!(is_private, "it must be https://… or twilio+https://…; http only on this machine");
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    const SECRET: &str = "r8Jd0mWq2LxT5vYbN7sKc3FhZa9PeUgQ";

    #[test]
    fn an_account_at_twilio_is_one_line() {
        for (text, base, from) in [
            ("twilio+https://AC1:abc@api.twilio.com?from=+15550100199", "https://api.twilio.com", "+15550100199"),
            ("twilio+https://AC1:abc@api.twilio.com/?from=%2B15550100199", "https://api.twilio.com", "+15550100199"),
            ("twilio+https://AC1:abc@sms.example.com/laml?from=Keywright", "https://sms.example.com/laml", "Keywright"),
            ("twilio+http://AC1:abc@127.0.0.1:8080?from=12345", "http://127.0.0.1:8080", "12345"),
        ] {
            let SmsSettings::Twilio(settings) = SmsSettings::parse(text, None).unwrap() else { panic!("{text}") };
            assert_eq!((&*settings.base, &*settings.account), (base, "AC1"), "{text}");
            assert_eq!((settings.token.expose_secret(), settings.from), ("abc", ("From", from.to_owned())), "{text}");
        }
        let text = "twilio+https://AC1:abc@api.twilio.com?service=MG12";
        let SmsSettings::Twilio(settings) = SmsSettings::parse(text, None).unwrap() else { panic!("{text}") };
        assert_eq!(settings.from, ("MessagingServiceSid", "MG12".to_owned()));
    }

    #[test]
    fn a_webhook_is_an_address_and_a_secret() {
        for text in ["https://hooks.example.com/sms?team=1", "http://localhost:9/sms", "http://[::1]:9/"] {
            let SmsSettings::Webhook(settings) = SmsSettings::parse(text, Some(SECRET)).unwrap() else {
                panic!("{text}")
            };
            assert_eq!(settings.url, text);
        }
    }

    #[test]
    fn what_cannot_be_used_is_told_without_its_secrets() {
        for (text, secret, words) in [
            ("hooks.example.com", Some(SECRET), "no address"),
            ("http://hooks.example.com/sms", Some(SECRET), "https"),
            ("http://localhost.example.com/sms", Some(SECRET), "https"),
            ("ftp://127.0.0.1/sms", Some(SECRET), "https"),
            ("https://user:hunter2@hooks.example.com/sms", Some(SECRET), "no user"),
            ("https://hooks.example.com/sms#x", Some(SECRET), "fragment"),
            ("https://hooks.example.com/sms", None, "openssl rand"),
            ("https://hooks.example.com/sms", Some("hunter2"), "at least 32 bytes"),
            ("twilio+http://AC1:hunter2@api.twilio.com?from=+15550100199", None, "https"),
            ("twilio+https://AC1@api.twilio.com?from=+15550100199", None, "SID:TOKEN"),
            ("twilio+https://api.twilio.com?from=+15550100199", None, "SID:TOKEN"),
            ("twilio+https://AC1:hunter2%2F@api.twilio.com?from=+15550100199", None, "SID:TOKEN"),
            ("twilio+https://AC1:hunter2@api.twilio.com", None, "?from="),
            ("twilio+https://AC1:hunter2@api.twilio.com?from=", None, "?from="),
            ("twilio+https://AC1:hunter2@api.twilio.com?from=a%0D%0Ab", None, "?from="),
            ("twilio+https://AC1:hunter2@api.twilio.com?from=+15550100199&service=MG1", None, "?from="),
        ] {
            let error = format!("{:#}", SmsSettings::parse(text, secret).err().unwrap());
            assert!(error.contains(words) && !error.contains("hunter2"), "{text}: {error}");
        }
    }
}

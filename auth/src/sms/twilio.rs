//! SMS through Twilio, or a service that speaks its "Messages" resource (Twilio REST API, 2010-04-01).

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded;

use super::http;
use super::sender::{OutgoingSms, Sending, SmsSender};

/// An account at such a service. No `Debug`: it holds a secret.
#[derive(Clone)]
pub struct TwilioSettings {
    /// Scheme, host and perhaps a path, without a slash at the end.
    pub base: String,
    /// The SID of the account: no secret.
    pub account: String,
    /// Its token.
    pub token: SecretString,
    /// Who sends: the field of the form, `From` or `MessagingServiceSid`, and its value.
    pub from: (&'static str, String),
}

/// A client of one account.
pub struct TwilioSender {
    client: Client,
    settings: TwilioSettings,
}

impl TwilioSender {
    /// Prepares the client.
    ///
    /// # Errors
    /// When the system has no certificate authorities.
    pub fn new(settings: TwilioSettings) -> anyhow::Result<Self> {
        Ok(Self { client: http::client()?, settings })
    }
}

impl SmsSender for TwilioSender {
    fn send<'a>(&'a self, sms: &'a OutgoingSms<'a>) -> Sending<'a> {
        Box::pin(async move {
            let TwilioSettings { base, account, token, from } = &self.settings;
            let body = form_urlencoded::Serializer::new(String::new())
                .append_pair("To", sms.to.as_str())
                .append_pair(from.0, &from.1)
                .append_pair("Body", sms.text)
                .finish();
            let request = self
                .client
                .post(format!("{base}/2010-04-01/Accounts/{account}/Messages.json"))
                .basic_auth(account, Some(token.expose_secret()))
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("idempotency-key", sms.id.as_str())
                .body(body);
            http::send(request).await
        })
    }
}

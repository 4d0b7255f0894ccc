//! Mail by SMTP with STARTTLS (RFC 3207) or implicit TLS (RFC 8314), through lettre.

use anyhow::Context as _;
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

use super::message::Rendered;
use crate::Email;
use crate::id::JobId;

const TIMEOUT: Duration = Duration::from_secs(20);

/// How to reach the mail server.
#[derive(Clone)]
pub struct SmtpSettings {
    /// `smtps://user:password@host:465` for implicit TLS,
    /// `smtp://user:password@host:587?tls=required` for STARTTLS.
    pub url: SecretString,
    /// The sender, such as `Keywright <no-reply@example.com>`.
    pub from: String,
    /// A certificate authority in PEM, for a mail server with a private one.
    pub ca_pem: Option<Vec<u8>>,
}

/// One mail server; every mail has a connection of its own, so that one that hangs spoils no other.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// Reads the settings; connects at the first mail.
    ///
    /// # Errors
    /// When the address, the sender or the certificate cannot be read.
    pub fn new(settings: &SmtpSettings) -> anyhow::Result<Self> {
        let url = settings.url.expose_secret();
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .context("SMTP_URL cannot be read; write smtps://user:password@host or smtp://host:587?tls=required")?
            .timeout(Some(TIMEOUT));
        if let Some(pem) = &settings.ca_pem {
            let parameters = TlsParameters::builder(host(url)?)
                .add_root_certificate(Certificate::from_pem(pem).context("the certificate of SMTP_CA")?)
                .build()
                .context("TLS towards the mail server")?;
            let implicit = url.starts_with("smtps:");
            builder = builder.tls(if implicit { Tls::Wrapper(parameters) } else { Tls::Required(parameters) });
        }
        Ok(Self {
            transport: builder.build(),
            from: settings.from.parse().context("MAIL_FROM; write `Name <address@example.com>`")?,
        })
    }

    /// Sends one mail.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn send(&self, id: &JobId, to: &Email, mail: Rendered) -> anyhow::Result<()> {
        let to: Address = to.as_str().parse()?;
        let message_id = format!("<{}@{}>", id.as_str(), self.from.email.domain());
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .message_id(Some(message_id))
            .subject(mail.subject)
            .multipart(MultiPart::alternative_plain_html(mail.text, mail.html))?;
        // lettre's own limit covers the connection only; a server that accepts and then says nothing
        // must not hold the worker.
        tokio::time::timeout(TIMEOUT, self.transport.send(message)).await.context("the mail server is silent")??;
        Ok(())
    }
}

fn host(url: &str) -> anyhow::Result<String> {
    let after = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = after.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    anyhow::ensure!(!host.is_empty(), "SMTP_URL names no host");
    Ok(host.to_owned())
}

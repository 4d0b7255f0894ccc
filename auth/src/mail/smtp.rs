//! Mail by SMTP with STARTTLS (RFC 3207) or implicit TLS (RFC 8314), through lettre.

use anyhow::{Context as _, ensure};
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

use super::render::Rendered;
use crate::Email;
use crate::id::JobId;
use crate::secret_file::read_secret;

const TIMEOUT: Duration = Duration::from_secs(20);

/// How to reach the mail server.
#[derive(Clone)]
pub struct SmtpSettings {
    /// `smtps://user:password@host:465` for implicit TLS,
    /// `smtp://user:password@host:587?tls=required` for STARTTLS.
    pub url: SecretString,
    /// A file with the password of the user in the address, read again for each connection.
    pub password_file: Option<PathBuf>,
    /// The sender, such as `Keywright <no-reply@example.com>`.
    pub from: String,
    /// A certificate authority in PEM, for a mail server with a private one.
    pub ca_pem: Option<Vec<u8>>,
}

/// One mail server; every mail has a connection of its own, so that one that hangs spoils no other.
pub struct Smtp {
    way: Way,
    from: Mailbox,
}

type Connecting = AsyncSmtpTransport<Tokio1Executor>;

/// How a connection begins.
enum Way {
    /// Always in the same way.
    Fixed(Connecting),
    /// With the password that the file says in this moment.
    Renewed(SmtpSettings, PathBuf),
}

impl Smtp {
    /// Reads the settings; connects at the first mail.
    ///
    /// # Errors
    /// When the address, the sender or the certificate cannot be read.
    pub fn new(settings: &SmtpSettings) -> anyhow::Result<Self> {
        settings.check_password()?;
        // Also where the password comes later: what is wrong with the rest is told now.
        let fixed = settings.connecting(settings.url.expose_secret())?;
        Ok(Self {
            way: settings.password_file.clone().map_or(Way::Fixed(fixed), |file| Way::Renewed(settings.clone(), file)),
            from: settings.from.parse().context("MAIL_FROM; write `Name <address@example.com>`")?,
        })
    }

    /// A way to the server for one connection.
    fn connecting(&self) -> anyhow::Result<Connecting> {
        match &self.way {
            Way::Fixed(connecting) => Ok(connecting.clone()),
            Way::Renewed(settings, file) => {
                let url = with_password(settings.url.expose_secret(), file).context("SMTP_PASSWORD_FILE")?;
                settings.connecting(url.expose_secret())
            }
        }
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
            .header(AutoSubmitted)
            .subject(mail.subject)
            .multipart(MultiPart::alternative_plain_html(mail.text, mail.html))?;
        // lettre's own limit covers the connection only; a server that accepts and then says nothing
        // must not hold the worker.
        let connecting = self.connecting()?;
        tokio::time::timeout(TIMEOUT, connecting.send(message)).await.context("the mail server is silent")??;
        Ok(())
    }
}

impl SmtpSettings {
    /// Whether every mail is refused to a server that does not prove itself by TLS.
    ///
    /// # Errors
    /// When the address cannot be read.
    pub fn demands_tls(&self) -> anyhow::Result<bool> {
        let url = Url::parse(self.url.expose_secret()).context("SMTP_URL cannot be read")?;
        let tls: Vec<_> = url.query_pairs().filter(|(name, _)| name == "tls").map(|(_, value)| value).collect();
        Ok(url.scheme() == "smtps" || self.ca_pem.is_some() || tls == ["required"])
    }
}

impl SmtpSettings {
    /// Refuses a file with a password for nobody, and one beside a password in the address.
    ///
    /// # Errors
    /// When the address cannot be read, names no user, or has a password of its own.
    pub fn check_password(&self) -> anyhow::Result<()> {
        if self.password_file.is_some() {
            let url = Url::parse(self.url.expose_secret()).context("SMTP_URL cannot be read")?;
            let is_for_somebody = !url.username().is_empty() && url.password().is_none();
            ensure!(is_for_somebody, "with SMTP_PASSWORD_FILE, SMTP_URL names a user and no password");
        }
        Ok(())
    }

    fn connecting(&self, url: &str) -> anyhow::Result<Connecting> {
        let mut builder = Connecting::from_url(url)
            .context("SMTP_URL cannot be read; write smtps://user:password@host or smtp://host:587?tls=required")?
            .timeout(Some(TIMEOUT));
        if let Some(pem) = &self.ca_pem {
            let parameters = TlsParameters::builder(host(url)?)
                .add_root_certificate(Certificate::from_pem(pem).context("the certificate of SMTP_CA")?)
                .build()
                .context("TLS towards the mail server")?;
            let implicit = url.starts_with("smtps:");
            builder = builder.tls(if implicit { Tls::Wrapper(parameters) } else { Tls::Required(parameters) });
        }
        Ok(builder.build())
    }

    /// Goes as far as one can without sending: connects, proves itself, and leaves.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn check(&self) -> anyhow::Result<()> {
        let connecting = Smtp::new(self)?.connecting()?;
        let asked = tokio::time::timeout(TIMEOUT, connecting.test_connection());
        ensure!(
            asked.await.context("the mail server is silent")??,
            "the mail server does not go on after its greeting"
        );
        Ok(())
    }
}

/// The address with the password that a file says now.
fn with_password(url: &str, file: &Path) -> anyhow::Result<SecretString> {
    let password = read_secret(file)?;
    let mut url = Url::parse(url).context("SMTP_URL cannot be read")?;
    // A % would be read as the beginning of an escaped character; every other one is escaped where it must be.
    let password = password.expose_secret().replace('%', "%25");
    ensure!(url.set_password(Some(&password)).is_ok(), "SMTP_URL names no host");
    Ok(SecretString::from(String::from(url)))
}

/// The host as certificates name it: an IPv6 address without its brackets.
fn host(url: &str) -> anyhow::Result<String> {
    let url = Url::parse(url).context("SMTP_URL cannot be read")?;
    let host = url.host_str().context("SMTP_URL names no host")?;
    Ok(host.trim_start_matches('[').trim_end_matches(']').to_owned())
}

/// Tells vacation responders that nobody reads an answer (RFC 3834, 5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demands_tls(url: &str) -> bool {
        let settings = SmtpSettings { url: url.into(), password_file: None, from: String::new(), ca_pem: None };
        settings.demands_tls().unwrap()
    }

    #[test]
    fn only_a_true_demand_for_tls_counts() {
        for good in ["smtps://mail.example.com", "smtp://u:p@mail.example.com:587?tls=required"] {
            assert!(demands_tls(good), "{good}");
        }
        for bad in [
            "smtp://mail.example.com",
            "smtp://u:tls=required@mail.example.com",
            "smtp://mail.example.com?tls=opportunistic&x=tls=required",
            "smtp://mail.example.com?tls=opportunistic&tls=required",
        ] {
            assert!(!demands_tls(bad), "{bad}");
        }
    }

    #[test]
    fn hosts_are_read_as_certificates_name_them() {
        assert_eq!(host("smtp://u:p%40x@[::1]:587?tls=required").unwrap(), "::1");
        assert_eq!(host("smtps://u:p@mail.example.com").unwrap(), "mail.example.com");
    }
}

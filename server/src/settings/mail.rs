//! The mail server, and who proves at it who we are.

use anyhow::{Context as _, ensure};
use auth::mail::SmtpSettings;
use secrecy::SecretString;
use std::path::PathBuf;

use super::source::Values;

/// Where mails come from when nothing is set: production refuses it.
pub(super) const MAIL_FROM: &str = "Keywright <no-reply@localhost.localdomain>";

/// Reads it, and the authority where one is named; none without `smtp_url`.
///
/// # Errors
/// When the authority cannot be read, or the password has two places or none.
pub(super) fn parse(values: &Values) -> anyhow::Result<Option<SmtpSettings>> {
    let text = |name: &str| values.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let password_file = text("smtp_password_file").map(PathBuf::from);
    let Some(url) = text("smtp_url") else {
        ensure!(password_file.is_none(), "smtp_password_file is of no use without smtp_url");
        return Ok(None);
    };
    let pem = text("smtp_ca").map(|path| std::fs::read(path).with_context(|| format!("smtp_ca names {path}")));
    let settings = SmtpSettings {
        url: SecretString::from(url),
        password_file,
        from: text("mail_from").unwrap_or(MAIL_FROM).to_owned(),
        ca_pem: pem.transpose()?,
    };
    settings.check_password().context("smtp_url and smtp_password_file do not fit")?;
    Ok(Some(settings))
}

#[cfg(test)]
mod tests {
    use super::super::source::from_toml;
    use super::*;

    fn parsed(toml: &str) -> anyhow::Result<Option<SmtpSettings>> {
        parse(&from_toml(toml)?)
    }

    #[test]
    fn the_password_is_in_the_address_or_in_a_file() {
        assert!(parsed("").unwrap().is_none());
        assert!(parsed("smtp_url = 'smtps://u:p@mail.example.com'").unwrap().unwrap().password_file.is_none());
        let file = parsed("smtp_url = 'smtps://u@mail.example.com'\nsmtp_password_file = '/run/mail'").unwrap();
        assert_eq!(file.unwrap().password_file, Some(PathBuf::from("/run/mail")));
    }

    #[test]
    fn two_passwords_and_a_password_of_nobody_are_refused() {
        for url in ["smtps://u:hunter2@mail.example.com", "smtps://mail.example.com", "mail.example.com"] {
            let error = parsed(&format!("smtp_url = '{url}'\nsmtp_password_file = '/run/mail'")).err().unwrap();
            let words = format!("{error:#}");
            assert!(words.contains("smtp_password_file") && !words.contains("hunter2"), "{url}: {words}");
        }
        assert!(parsed("smtp_password_file = '/run/mail'").is_err());
    }
}

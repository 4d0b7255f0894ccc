//! The mail server, and who proves at it who we are.

use anyhow::{Context as _, ensure};
use auth::mail::SmtpSettings;
use secrecy::SecretString;
use std::path::PathBuf;

use super::source::Values;

/// Where mails come from when nothing is set: production refuses it.
pub(crate) const MAIL_FROM: &str = "Keywright <no-reply@localhost.localdomain>";

/// Reads under which name the key for DKIM stands in the DNS (RFC 6376, 3.1).
///
/// # Errors
/// When it is no part of a name.
pub(super) fn dkim_selector(values: &Values) -> anyhow::Result<Option<String>> {
    let selector = values.get("dkim_selector").map(|text| text.trim()).filter(|text| !text.is_empty());
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let is_name = selector.is_none_or(|selector| selector.len() <= 100 && selector.split('.').all(is_label));
    ensure!(is_name, "dkim_selector must be such as mail, for mail._domainkey.example.com");
    Ok(selector.map(str::to_owned))
}

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
    fn the_selector_of_dkim_is_part_of_a_name() {
        let of = |toml: &str| dkim_selector(&from_toml(toml).unwrap());
        assert_eq!(of("").unwrap(), None);
        assert_eq!(of("dkim_selector = 's1.mail-2026'").unwrap().as_deref(), Some("s1.mail-2026"));
        for wrong in ["a b", "mail.", ".mail", "mail._domainkey.example.com?"] {
            assert!(of(&format!("dkim_selector = '{wrong}'")).is_err(), "{wrong}");
        }
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

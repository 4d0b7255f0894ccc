//! The settings of codes by mail, by SMS and of authenticator apps.

use anyhow::{Context, ensure};
use auth::settings::CodeSettings;
use auth::sms::SmsSettings;

use super::source::Values;
use super::{number, switch};

/// Parses them. In development both are on, and SMS are shown beside the mails. An address that would send in the clear
/// is refused in development as well.
///
/// # Errors
/// The first value that cannot be read or is unsafe. Nothing in it tells a secret.
pub(super) fn parse(values: &Values, development: bool) -> anyhow::Result<CodeSettings> {
    let text = |name: &str| values.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let (url, secret) = (text("sms_url"), text("sms_secret"));
    ensure!(
        secret.is_none() || secret != text("master_key"),
        "sms_secret is the master_key; make another one with `openssl rand -base64 48`"
    );
    let sms = match url {
        Some(url) => Some(SmsSettings::parse(url, secret).context("sms_url cannot be used")?),
        None => development.then_some(SmsSettings::DevInbox),
    };
    let default = CodeSettings::default();
    let settings = CodeSettings {
        email: switch(values, "email_codes", development)?,
        sms,
        sms_per_minute: number(values, "sms_per_minute", default.sms_per_minute)?,
        authenticator_drift: number(values, "authenticator_drift_steps", default.authenticator_drift)?,
    };
    ensure!((1..=10_000).contains(&settings.sms_per_minute), "sms_per_minute must be 1 to 10000");
    ensure!(settings.authenticator_drift <= 1, "authenticator_drift_steps must be 0 or 1");
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::super::source::from_toml;
    use super::*;

    const SECRET: &str = "r8Jd0mWq2LxT5vYbN7sKc3FhZa9PeUgQ";

    fn parsed(toml: &str, development: bool) -> anyhow::Result<CodeSettings> {
        parse(&from_toml(toml)?, development)
    }

    #[test]
    fn in_production_nobody_gets_codes_until_the_operator_says_so() {
        let settings = parsed("", false).unwrap();
        assert!(!settings.email && settings.sms.is_none());
        let settings =
            parsed("email_codes = true\nsms_url = 'twilio+https://AC1:x@api.twilio.com?from=Keywright'", false);
        let settings = settings.unwrap();
        assert!(settings.email && matches!(settings.sms, Some(SmsSettings::Twilio(_))));
        let toml = format!("sms_url = 'https://hooks.example.com/sms'\nsms_secret = '{SECRET}'");
        assert!(matches!(parsed(&toml, false).unwrap().sms, Some(SmsSettings::Webhook(_))));
    }

    #[test]
    fn in_development_both_are_on_and_shown_in_the_inbox() {
        let settings = parsed("", true).unwrap();
        assert!(settings.email && matches!(settings.sms, Some(SmsSettings::DevInbox)));
        assert!(!parsed("email_codes = false", true).unwrap().email);
    }

    #[test]
    fn the_clock_of_an_app_may_be_a_step_wrong_unless_the_operator_says_no() {
        assert_eq!(parsed("", false).unwrap().authenticator_drift, 1);
        assert_eq!(parsed("authenticator_drift_steps = 0", false).unwrap().authenticator_drift, 0);
    }

    #[test]
    fn what_is_unsafe_is_refused_with_what_to_do() {
        for development in [true, false] {
            for (toml, words) in [
                ("sms_url = 'http://hooks.example.com/sms'", "sms_url cannot be used: it must be https"),
                ("sms_url = 'https://hooks.example.com/sms'", "openssl rand -base64 48"),
                ("sms_url = 'https://hooks.example.com/sms'\nsms_secret = 'hunter2'", "at least 32 bytes"),
                ("sms_url = 'twilio+https://AC1:hunter2@api.twilio.com'", "?from="),
                ("sms_per_minute = 0", "sms_per_minute"),
                ("sms_per_minute = 'many'", "sms_per_minute"),
                ("email_codes = 'maybe'", "email_codes"),
                ("authenticator_drift_steps = 2", "authenticator_drift_steps"),
                ("authenticator_drift_steps = -1", "authenticator_drift_steps"),
            ] {
                let error = format!("{:#}", parsed(toml, development).err().unwrap());
                assert!(error.contains(words) && !error.contains("hunter2"), "{toml}: {error}");
            }
        }
        let error = parsed(&format!("master_key = '{SECRET}'\nsms_secret = '{SECRET}'"), false).err().unwrap();
        assert!(error.to_string().contains("is the master_key"), "{error}");
    }
}

//! What an SMS says, as it waits in the outbox. Its last line lets a browser offer the code to this host and to
//! no other (W3C WICG, "Origin-bound one-time codes delivered via SMS").

use serde::{Deserialize, Serialize};
use url::Url;

use crate::text::text_with;
use crate::{Locale, PhoneNumber, Timestamp, TypedCode};

/// An SMS as it waits, sealed.
#[derive(Serialize, Deserialize)]
pub struct Sms {
    /// The recipient.
    pub to: PhoneNumber,
    /// What it says.
    pub text: String,
    /// The code that is in it.
    pub code: String,
    /// When the code ends: then it is not sent any more.
    pub expires_at: Timestamp,
}

impl Sms {
    /// What its job is called.
    pub(crate) const JOB: &'static str = "sms";

    /// An SMS with a code for the pages at `public_url`.
    pub(crate) fn with_code(
        to: PhoneNumber,
        code: &TypedCode,
        locale: Locale,
        public_url: &str,
        expires_at: Timestamp,
    ) -> Self {
        let code = code.text();
        let sentence = text_with(locale, "sms.code", &[("code", code)]);
        // The host alone: the format knows no scheme and no port.
        let url = Url::parse(public_url).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        Self { to, text: format!("{sentence}\n\n@{host} #{code}"), code: code.to_owned(), expires_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(locale: Locale, public_url: &str) -> String {
        let number = PhoneNumber::parse("+447700900123").unwrap();
        let code = TypedCode::parse("12345678").ok().unwrap();
        Sms::with_code(number, &code, locale, public_url, Timestamp(0)).text
    }

    #[test]
    fn the_last_line_binds_the_code_to_the_host() {
        let english = said(Locale::En, "https://id.example.com");
        assert_eq!(english, "Your Keywright code is 12345678.\n\n@id.example.com #12345678");
        assert!(said(Locale::En, "http://localhost:3000").ends_with("\n@localhost #12345678"));
        for locale in Locale::ALL {
            let text = said(locale, "https://id.example.com");
            assert!(text.ends_with("\n@id.example.com #12345678") && text.contains("12345678."), "{text}");
            assert!(text.is_ascii() && text.len() <= 160, "one SMS of 7 bits: {text}");
        }
    }
}

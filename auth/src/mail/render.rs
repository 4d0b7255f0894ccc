//! How a mail looks: text and HTML, in the reader's language. The words are in
//! `locales/mail/mail.*.yml`; the frames are in `templates/`.

use askama::Template;

use super::message::Mail;
use crate::text::{text, text_with};

/// A mail ready to leave.
pub struct Rendered {
    /// What it is for.
    pub kind: &'static str,
    /// The subject.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// The link it carries.
    pub link: String,
    /// The code it carries.
    pub code: Option<String>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct HtmlPart<'a>(&'a Frame<'a>);

#[derive(Template)]
#[template(path = "mail.txt")]
struct TextPart<'a>(&'a Frame<'a>);

struct Frame<'a> {
    language: &'static str,
    subject: &'a str,
    greeting: String,
    intro: String,
    action: String,
    link: &'a str,
    /// Above the link, in mails that are about it.
    code_first: Option<&'a str>,
    code: Option<&'a str>,
    code_intro: String,
    outro: String,
    reason: String,
}

/// Renders both parts.
///
/// # Errors
/// When a template fails, which the tests rule out.
pub fn render(mail: &Mail) -> anyhow::Result<Rendered> {
    let (locale, message) = (mail.locale, &mail.message);
    let kind = message.kind();
    let values = message.values(locale);
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let say = |part: &str| text_with(locale, &format!("mail.{kind}.{part}"), &values);
    let subject = say("subject");
    let frame = Frame {
        language: locale.tag(),
        subject: &subject,
        greeting: say("greeting"),
        intro: say("intro"),
        action: say("action"),
        link: message.link(),
        code_first: message.code().filter(|_| message.is_code_first()),
        code: message.code().filter(|_| !message.is_code_first()),
        code_intro: text(locale, "mail.code_intro"),
        outro: say(message.outro()),
        reason: text_with(locale, "mail.reason", &[("email", mail.to.as_str())]),
    };
    Ok(Rendered {
        kind,
        text: TextPart(&frame).render()?,
        html: HtmlPart(&frame).render()?,
        link: message.link().to_owned(),
        code: message.code().map(str::to_owned),
        subject,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Message;
    use crate::{Email, Locale, PersonName, Timestamp};

    fn mail(locale: Locale) -> Mail {
        let message = Message::VerifyEmail {
            link: "https://id.example.com/verify-email?token=abc".into(),
            code: "123456".into(),
        };
        Mail { to: Email::parse("alice@example.com").unwrap(), locale, message }
    }

    #[test]
    fn both_parts_carry_link_and_code() {
        let rendered = render(&mail(Locale::En)).unwrap();
        assert!(rendered.subject.contains("123456"));
        for part in [&rendered.text, &rendered.html] {
            assert!(part.contains("https://id.example.com/verify-email?token=abc"), "{part}");
            assert!(part.contains("123456"));
            assert!(!part.contains("%{"), "{part}");
        }
    }

    #[test]
    fn a_name_cannot_add_markup() {
        let name = PersonName::parse("<img src=x onerror=alert(1)>").unwrap();
        let message = Message::Welcome { name, link: "https://id.example.com/sign-in".into() };
        let rendered = render(&Mail { message, ..mail(Locale::Fr) }).unwrap();
        assert!(!rendered.html.contains("<img"));
    }

    #[test]
    fn a_new_device_is_named_with_its_moment() {
        for locale in Locale::ALL {
            let message = Message::NewDevice {
                name: PersonName::parse("Alice").unwrap(),
                device: "Firefox on Linux".into(),
                at: Timestamp(1_800_000_000_000),
                link: "https://id.example.com/forgot-password".into(),
            };
            let rendered = render(&Mail { message, ..mail(locale) }).unwrap();
            for part in [&rendered.text, &rendered.html] {
                for said in ["Alice", "Firefox on Linux", "08:00 UTC", "https://id.example.com/forgot-password"] {
                    assert!(part.contains(said), "{said} in {part}");
                }
                assert!(!part.contains("%{"), "{part}");
            }
        }
    }

    #[test]
    fn a_changed_password_is_told_with_time_and_device() {
        let said = |locale, device: &str| {
            let message = Message::PasswordChanged {
                name: PersonName::parse("Alice").unwrap(),
                device: device.to_owned(),
                at: Timestamp(1_800_000_000_000),
                link: "https://id.example.com/forgot-password".into(),
            };
            render(&Mail { message, ..mail(locale) }).unwrap().text
        };
        let english = said(Locale::En, "Firefox on Linux");
        assert!(english.contains("January 15, 2027 at 08:00 UTC") && english.contains("Firefox on Linux"), "{english}");
        let french = said(Locale::Fr, "");
        assert!(french.contains("15 janvier 2027 à 08:00 UTC") && french.contains("appareil inconnu"), "{french}");
        assert!(!french.contains("%{") && french.contains("https://id.example.com/forgot-password"), "{french}");
    }

    #[test]
    fn the_code_to_a_new_password_is_not_in_the_subject() {
        let message = Message::PasswordReset {
            link: "https://id.example.com/reset-password?token=abc".into(),
            code: Some("123456".into()),
        };
        let rendered = render(&Mail { message, ..mail(Locale::En) }).unwrap();
        assert!(!rendered.subject.contains("123456"));
        for part in [&rendered.text, &rendered.html] {
            assert!(part.contains("https://id.example.com/reset-password?token=abc") && part.contains("123456"));
        }
    }

    #[test]
    fn a_mail_without_a_code_says_why() {
        let reasons = ["This email has no code", "Cet e-mail ne contient pas de code"];
        for (locale, reason) in [Locale::En, Locale::Fr].into_iter().zip(reasons) {
            let link = "https://id.example.com/reset-password?token=abc";
            let message = Message::PasswordReset { link: link.into(), code: None };
            let rendered = render(&Mail { message, ..mail(locale) }).unwrap();
            assert!(rendered.code.is_none());
            for part in [&rendered.text, &rendered.html] {
                assert!(part.contains(link) && part.contains(reason), "{part}");
                assert!(!part.contains(&text(locale, "mail.code_intro")), "{part}");
            }
        }
    }

    #[test]
    fn a_reset_that_waited_since_an_older_version_keeps_its_code() {
        let waiting = r#"{"kind":"password_reset","link":"https://id.example.com/x","code":"123456"}"#;
        assert_eq!(serde_json::from_str::<Message>(waiting).unwrap().code(), Some("123456"));
        let without = r#"{"kind":"password_reset","link":"https://id.example.com/x"}"#;
        assert_eq!(serde_json::from_str::<Message>(without).unwrap().code(), None);
    }

    #[test]
    fn french_readers_get_french() {
        assert_ne!(render(&mail(Locale::Fr)).unwrap().subject, render(&mail(Locale::En)).unwrap().subject);
    }
}

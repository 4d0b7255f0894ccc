//! What people, browsers and proxies write into single fields and headers. The first byte says which the rest is.
//!
//! What is accepted is accepted again as it stands, and can do nothing where it ends up.

use std::net::IpAddr;

use auth::organization::{Department, MailDomain, OrganizationName, RoleName, Slug};
use auth::paging::Place;
use auth::time_zone::day_in_zone;
use auth::token::PersonalToken;
use auth::token_text::TokenText;
use auth::{
    Cursor, Email, LocalPath, Locale, NewPassword, PersonName, PhoneNumber, ProviderId, Remark, TimeZone, TokenName,
    TypedCode, VerificationCode,
};
use axum::http::{HeaderMap, HeaderValue};
use ipnet::IpNet;
use secrecy::SecretString;
use url::Url;

use crate::program::device::device;
use crate::program::origin::origin;

const SITE: &str = "https://id.example.com";

pub fn fuzz(data: &[u8]) {
    let Some((kind, data)) = data.split_first() else { return };
    if kind % 16 == 15 {
        return forwarded(data);
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    match kind % 16 {
        0 => email(text),
        1 => path(text),
        2 => phone(text),
        3 => names(text),
        4 => codes(text),
        5 => languages(text),
        6 => zones(text),
        7 => domains(text),
        8 => slugs(text),
        9 => cursors(text),
        10 => devices(text),
        11 => drop(TokenText::read(text, 1_800_000_000)),
        12 => providers(text),
        13 => drop(PersonalToken::parse(&SecretString::from(text))),
        _ => passwords(text),
    }
}

/// It goes into the header of a mail.
fn email(text: &str) {
    let Ok(email) = Email::parse(text) else { return };
    assert_eq!(Email::parse(email.as_str()).as_ref(), Ok(&email));
    assert!(email.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
    assert_eq!(email.as_str().matches('@').count(), 1);
    assert_eq!(format!("{}@{}", email.local(), email.domain()), email.as_str());
}

/// A browser that is sent there stays here, and arrives at this very path.
fn path(text: &str) {
    let Some(path) = LocalPath::parse(text) else { return };
    assert_eq!(path.as_str(), text);
    let site = Url::parse(SITE).expect("it is an address");
    let arrived = site.join(path.as_str()).expect("a path of a site is an address");
    assert_eq!(arrived.origin(), site.origin());
    let told = text.split(['?', '#']).next().unwrap_or_default();
    assert!(arrived.path().len() >= told.len(), "no part of the path is gone");
    HeaderValue::from_str(path.as_str()).expect("it stands in a header");
}

fn phone(text: &str) {
    let Ok(number) = PhoneNumber::parse(text) else { return };
    assert_eq!(PhoneNumber::parse(number.as_str()).as_ref(), Ok(&number));
    assert!(number.as_str().strip_prefix('+').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit())));
    let shown = number.masked().bytes().filter(u8::is_ascii_digit).count();
    assert!(shown <= 5 && shown < number.as_str().len() - 1, "a number is masked");
}

/// They stand in mails and pages, each on one line.
fn names(text: &str) {
    let is_line = |name: &str| !name.is_empty() && !name.chars().any(char::is_control) && name.trim() == name;
    if let Ok(name) = PersonName::parse(text) {
        assert!(is_line(name.as_str()) && PersonName::parse(name.as_str()).is_ok());
    }
    if let Ok(name) = OrganizationName::parse(text) {
        assert!(is_line(name.as_str()) && OrganizationName::parse(name.as_str()).is_ok());
    }
    if let Ok(name) = RoleName::parse(text) {
        assert!(is_line(name.as_str()) && RoleName::parse(name.as_str()).is_ok());
    }
    if let Ok(Some(name)) = Department::parse(text) {
        assert!(is_line(name.as_str()));
    }
    if let Ok(name) = TokenName::parse(text) {
        assert!(is_line(name.as_str()) && TokenName::parse(name.as_str()).is_ok());
    }
    if let Ok(remark) = Remark::parse(text) {
        assert!(Remark::parse(remark.as_str()).is_ok());
    }
}

fn codes(text: &str) {
    if let Ok(code) = VerificationCode::parse(text) {
        assert!(
            code.digits().len() == VerificationCode::LENGTH && code.digits().bytes().all(|byte| byte.is_ascii_digit())
        );
    }
    if let Ok(code) = TypedCode::parse(text) {
        let is_plain = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        assert!(!code.text().is_empty() && code.text().bytes().all(is_plain));
        assert_eq!(
            TypedCode::parse(code.text()).ok().map(|again| again.text().to_owned()).as_deref(),
            Some(code.text())
        );
    }
}

fn languages(text: &str) {
    if let Some(locale) = Locale::from_tag(text).filter(|_| !text.contains([',', ';'])) {
        assert_eq!(Locale::from_accept_language(text), locale);
    }
    assert!(Locale::ALL.contains(&Locale::from_accept_language(text)));
}

fn zones(text: &str) {
    if let Ok(zone) = TimeZone::parse(text) {
        assert_eq!(TimeZone::parse(zone.as_str()).as_ref(), Ok(&zone));
    }
    if let Some((begins, ends)) = day_in_zone(text, None) {
        assert_eq!(ends.seconds_since(begins), 24 * 60 * 60);
    }
}

/// What is asked of the DNS, and what an address ends in.
fn domains(text: &str) {
    let Ok(domain) = MailDomain::parse(text) else { return };
    assert_eq!(MailDomain::parse(domain.as_str()).as_ref(), Ok(&domain));
    let email = Email::parse(&format!("a@{domain}")).expect("addresses end in it");
    assert_eq!(MailDomain::of(&email), domain);
}

fn slugs(text: &str) {
    if let Ok(slug) = Slug::parse(text) {
        assert_eq!(Slug::parse(slug.as_str()).as_ref(), Ok(&slug));
        assert!(LocalPath::parse(&format!("/orgs/{slug}")).is_some());
        assert!(slug.ending_with("abcd").as_str().len() <= 40);
    }
    let suggested = Slug::suggested(text);
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    assert!(suggested.len() <= 40 && suggested.bytes().all(is_plain));
}

/// What a cursor names goes into a statement: no text but that of an id.
fn cursors(text: &str) {
    let Ok(place) = Place::of(Some(Cursor(text.to_owned()))) else { return };
    assert!(place.id.len() == 36 && place.id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'));
}

/// It stands in mails: no word of a user agent itself.
fn devices(text: &str) {
    let device = device(text);
    assert!(device.len() <= 40 && device.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b' '));
}

fn providers(text: &str) {
    let Some(id) = ProviderId::parse(text) else { return };
    assert!(LocalPath::parse(&format!("/sign-in/with/{id}")).is_some());
}

fn passwords(text: &str) {
    let is_good = NewPassword::parse(text, "alice@example.com", "Alice").is_ok();
    assert!(!is_good || !text.chars().any(char::is_control));
}

/// Lines of `X-Forwarded-For`, behind a peer that is trusted where the first byte is even.
fn forwarded(data: &[u8]) {
    let Some((peer, data)) = data.split_first() else { return };
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n').take(8) {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append("x-forwarded-for", value);
        }
    }
    let trusted: [IpNet; 1] = ["10.0.0.0/8".parse().expect("it is a network")];
    let is_trusted = peer % 2 == 0;
    let peer: IpAddr = if is_trusted { [10, 0, 0, 1].into() } else { [203, 0, 113, 9].into() };
    let address = origin(Some(peer), &headers, &trusted).address();
    let read: IpAddr = address.parse().expect("it is an address");
    assert_eq!(read.to_string(), address, "in one spelling");
    assert!(is_trusted || read == peer, "a stranger says where a request comes from");
}

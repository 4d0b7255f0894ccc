//! A pasted token, taken apart: its parts, what they decode to, and what is to be said about it.

use serde::{Deserialize, Serialize};

use super::base64url::{self, Broken as NotBase64};
use super::json::{Broken, Object};
use super::{Finding, FindingKind};

/// Longest text that is looked at.
pub const MAX_LENGTH: usize = 32 * 1024;
/// A token that lives longer than this has a long time to be stolen in.
const DAY: i64 = 24 * 60 * 60;
/// Clocks differ.
const LEEWAY: i64 = 60;

/// A part of a signed token (RFC 7515, 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// How it is signed.
    Header,
    /// What it says.
    Payload,
    /// The proof of both.
    Signature,
}

impl Part {
    /// The name of the part.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
        }
    }
}

/// A token that was read. Whether it is genuine nobody has asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenText {
    /// Header, payload and signature as they stand in the token; none when there are not three.
    pub encoded: Option<[String; 3]>,
    /// What the header says, if it can be read.
    pub header: Option<Object>,
    /// What the payload says, if it can be read.
    pub payload: Option<Object>,
    /// What is wrong or worth knowing, in the order of the token.
    pub findings: Vec<Finding>,
}

impl TokenText {
    /// Reads what was pasted: a token, with blanks, quotes or `Bearer` around it. None when there is
    /// nothing. `now` is in seconds since 1970.
    pub fn read(pasted: &str, now: i64) -> Option<Self> {
        let text = bare(pasted);
        if text.is_empty() {
            return None;
        }
        let mut token = Self::default();
        let parts: Vec<&str> = text.split('.').collect();
        match parts[..] {
            _ if text.len() > MAX_LENGTH => token.note(FindingKind::TooLong, Part::Header, String::new()),
            [header, payload, signature] => token.take_apart([header, payload, signature], now),
            [_, _, _, _, _] => token.note(FindingKind::Encrypted, Part::Header, String::new()),
            _ => token.note(FindingKind::NotThreeParts, Part::Header, parts.len().to_string()),
        }
        Some(token)
    }

    fn take_apart(&mut self, parts: [&str; 3], now: i64) {
        self.header = self.object(Part::Header, parts[0]);
        self.payload = self.object(Part::Payload, parts[1]);
        let signature = self.bytes(Part::Signature, parts[2]);
        if signature.is_some_and(|bytes| bytes.is_empty()) {
            self.note(FindingKind::NoSignature, Part::Signature, String::new());
        }
        self.encoded = Some(parts.map(str::to_owned));
        if let Some(header) = self.header.clone() {
            self.judge_header(&header);
        }
        if let Some(payload) = self.payload.clone() {
            self.judge_times(&payload, now);
        }
    }

    fn note(&mut self, kind: FindingKind, part: Part, detail: String) {
        self.findings.push(Finding { kind, part, detail });
    }

    fn bytes(&mut self, part: Part, encoded: &str) -> Option<Vec<u8>> {
        let decoded = match base64url::decode(encoded) {
            Ok(decoded) => decoded,
            Err(NotBase64::Character(at)) => {
                self.note(FindingKind::BadCharacter, part, (at + 1).to_string());
                return None;
            }
            Err(NotBase64::Length) => {
                self.note(FindingKind::BadLength, part, String::new());
                return None;
            }
        };
        for (is_so, kind) in [
            (decoded.is_padded, FindingKind::Padding),
            (decoded.is_other_alphabet, FindingKind::OtherAlphabet),
            (decoded.has_spare_bits, FindingKind::SpareBits),
        ] {
            if is_so {
                self.note(kind, part, String::new());
            }
        }
        Some(decoded.bytes)
    }

    fn object(&mut self, part: Part, encoded: &str) -> Option<Object> {
        let text = match String::from_utf8(self.bytes(part, encoded)?) {
            Ok(text) => text,
            Err(error) => {
                self.note(FindingKind::NotUtf8, part, (error.utf8_error().valid_up_to() + 1).to_string());
                return None;
            }
        };
        match Object::parse(&text) {
            Ok(object) => {
                for name in &object.repeated {
                    self.note(FindingKind::Repeated, part, name.clone());
                }
                return Some(object);
            }
            Err(Broken::At(at)) => {
                let place = text.get(..at).map_or(at, |before| before.chars().count()) + 1;
                self.note(FindingKind::BadJson, part, place.to_string());
            }
            Err(Broken::TooDeep) => self.note(FindingKind::TooDeep, part, String::new()),
            Err(Broken::NotObject) => self.note(FindingKind::NotObject, part, String::new()),
        }
        None
    }

    /// What RFC 8725 makes a verifier look at.
    fn judge_header(&mut self, header: &Object) {
        let text = |name: &str| header.member(name).and_then(super::Member::text);
        match text("alg") {
            None => self.note(FindingKind::NoAlg, Part::Header, String::new()),
            Some(alg) if alg.eq_ignore_ascii_case("none") => {
                self.note(FindingKind::AlgNone, Part::Header, alg);
            }
            Some(_) => {}
        }
        match text("typ") {
            None => self.note(FindingKind::NoTyp, Part::Header, String::new()),
            Some(typ) if is_usual(&typ) => {}
            Some(typ) => self.note(FindingKind::UnusualTyp, Part::Header, typ),
        }
        for name in ["jku", "jwk", "x5u", "x5c"] {
            if header.member(name).is_some() {
                self.note(FindingKind::KeyInHeader, Part::Header, name.to_owned());
            }
        }
        for (name, kind) in [("crit", FindingKind::Critical), ("zip", FindingKind::Compressed)] {
            if header.member(name).is_some() {
                self.note(kind, Part::Header, String::new());
            }
        }
    }

    fn judge_times(&mut self, payload: &Object, now: i64) {
        if payload.member("exp").is_none() {
            self.note(FindingKind::NoExp, Part::Payload, String::new());
        }
        for name in ["exp", "nbf", "iat"] {
            let Some(member) = payload.member(name) else { continue };
            let kind = match (name, member.seconds()) {
                (_, None) => FindingKind::BadTime,
                ("exp", Some(at)) if at <= now => FindingKind::Expired,
                ("exp", Some(at)) if at > now.saturating_add(DAY) => FindingKind::FarAway,
                ("nbf", Some(at)) if at > now => FindingKind::NotYet,
                ("iat", Some(at)) if at > now.saturating_add(LEEWAY) => FindingKind::IssuedLater,
                _ => continue,
            };
            self.note(kind, Part::Payload, name.to_owned());
        }
    }
}

/// The token without what people copy along with it.
fn bare(pasted: &str) -> &str {
    let text = pasted.trim().trim_matches(['"', '\'']);
    let text = match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
        _ => text,
    };
    text.trim()
}

/// Kinds of tokens that are seen every day (RFC 7519, 5.1; RFC 8725, 3.11).
fn is_usual(typ: &str) -> bool {
    let typ = typ.strip_prefix("application/").unwrap_or(typ);
    ["JWT", "at+jwt", "dpop+jwt", "logout+jwt", "secevent+jwt"].iter().any(|usual| usual.eq_ignore_ascii_case(typ))
}

/// What a token of ours says, without its signature: it proves nothing any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsigned {
    /// The header as JSON.
    pub header: String,
    /// The payload as JSON.
    pub payload: String,
    /// Characters of the signature that was left out.
    pub signature_length: usize,
}

impl Unsigned {
    /// Takes the signature off; none when it is no token of three parts.
    pub fn of(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let text = |encoded: &str| String::from_utf8(base64url::decode(encoded).ok()?.bytes).ok();
        Some(Self { header: text(header)?, payload: text(payload)?, signature_length: signature.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;
    /// RFC 7515, A.1.
    const HEADER: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9";
    const PAYLOAD: &str =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const SIGNATURE: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    /// base64url of a text, so that tests can say what a token says.
    fn encoded(text: &str) -> String {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let digit = |value: u32| char::from(DIGITS[(value & 63) as usize]);
        let groups = text.as_bytes().chunks(3).map(|group| {
            let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or_default());
            let held = (byte(0) << 16) | (byte(1) << 8) | byte(2);
            let digits = [held >> 18, held >> 12, held >> 6, held].map(digit);
            digits[..=group.len()].iter().collect::<String>()
        });
        groups.collect()
    }

    fn token(header: &str, payload: &str) -> String {
        format!("{}.{}.{SIGNATURE}", encoded(header), encoded(payload))
    }

    fn kinds(token: &str) -> Vec<FindingKind> {
        TokenText::read(token, NOW).unwrap().findings.iter().map(|finding| finding.kind).collect()
    }

    /// Findings beside those of a good token with this payload.
    fn kinds_of(header: &str, payload: &str) -> Vec<FindingKind> {
        kinds(&token(header, payload))
    }

    const GOOD_HEADER: &str = r#"{"alg":"EdDSA","typ":"at+jwt"}"#;
    const GOOD_PAYLOAD: &str = r#"{"exp":1800000300,"nbf":1800000000,"iat":1800000000}"#;

    #[test]
    fn the_token_of_rfc_7515_is_read_with_what_stands_around_it() {
        let jwt = format!("{HEADER}.{PAYLOAD}.{SIGNATURE}");
        for pasted in [jwt.clone(), format!("  {jwt}\n"), format!("Bearer {jwt}"), format!("\"{jwt}\"")] {
            let read = TokenText::read(&pasted, NOW).unwrap();
            let header = read.header.unwrap();
            assert_eq!(header.member("alg").unwrap().text().unwrap(), "HS256");
            assert_eq!(read.payload.unwrap().member("exp").unwrap().seconds(), Some(1_300_819_380));
            assert_eq!(read.encoded.unwrap(), [HEADER, PAYLOAD, SIGNATURE]);
            assert_eq!(read.findings.iter().map(|found| found.kind).collect::<Vec<_>>(), [FindingKind::Expired]);
        }
        assert_eq!(TokenText::read(" \n", NOW), None);
        assert!(kinds_of(GOOD_HEADER, GOOD_PAYLOAD).is_empty());
    }

    #[test]
    fn what_is_no_token_is_told_by_its_place() {
        let found = |token: &str| TokenText::read(token, NOW).unwrap().findings[0].clone();
        let finding = |kind, part, detail: &str| Finding { kind, part, detail: detail.to_owned() };
        assert_eq!(found("hello"), finding(FindingKind::NotThreeParts, Part::Header, "1"));
        assert_eq!(found("a.b.c.d"), finding(FindingKind::NotThreeParts, Part::Header, "4"));
        assert_eq!(found("a.b.c.d.e"), finding(FindingKind::Encrypted, Part::Header, ""));
        assert_eq!(found(&"a".repeat(MAX_LENGTH + 1)), finding(FindingKind::TooLong, Part::Header, ""));
        let with = |payload: &str| format!("{HEADER}.{payload}.{SIGNATURE}");
        assert_eq!(found(&with("ey J9")), finding(FindingKind::BadCharacter, Part::Payload, "3"));
        assert_eq!(found(&with("e")), finding(FindingKind::BadLength, Part::Payload, ""));
        assert_eq!(found(&with("_w")), finding(FindingKind::NotUtf8, Part::Payload, "1"));
        assert_eq!(found(&with(&encoded("{\"é\" 1}"))), finding(FindingKind::BadJson, Part::Payload, "6"));
        assert_eq!(found(&with(&encoded("[]"))), finding(FindingKind::NotObject, Part::Payload, ""));
        assert_eq!(found(&with(&encoded(&"[".repeat(99)))), finding(FindingKind::TooDeep, Part::Payload, ""));
        for kind in FindingKind::ALL.iter().filter(|kind| kind.is_fatal()) {
            assert!(!kinds_of(GOOD_HEADER, GOOD_PAYLOAD).contains(kind));
        }
    }

    #[test]
    fn what_a_verifier_must_refuse_is_named() {
        for (header, kind) in [
            (r#"{"typ":"JWT"}"#, FindingKind::NoAlg),
            (r#"{"alg":1,"typ":"JWT"}"#, FindingKind::NoAlg),
            (r#"{"alg":"nOnE","typ":"JWT"}"#, FindingKind::AlgNone),
            (r#"{"alg":"EdDSA"}"#, FindingKind::NoTyp),
            (r#"{"alg":"EdDSA","typ":"refresh"}"#, FindingKind::UnusualTyp),
            (r#"{"alg":"EdDSA","typ":"JWT","jku":"https://evil.example"}"#, FindingKind::KeyInHeader),
            (r#"{"alg":"EdDSA","typ":"JWT","crit":["x"]}"#, FindingKind::Critical),
            (r#"{"alg":"EdDSA","typ":"JWT","zip":"DEF"}"#, FindingKind::Compressed),
            (r#"{"alg":"EdDSA","typ":"JWT","alg":"EdDSA"}"#, FindingKind::Repeated),
        ] {
            assert_eq!(kinds_of(header, GOOD_PAYLOAD), [kind], "{header}");
        }
        let token = token(GOOD_HEADER, GOOD_PAYLOAD);
        let (signed, _) = token.rsplit_once('.').unwrap();
        assert_eq!(kinds(&format!("{signed}.")), [FindingKind::NoSignature]);
        assert_eq!(kinds(&format!("{signed}.AA==")), [FindingKind::Padding]);
        assert_eq!(kinds(&format!("{signed}.A/A")), [FindingKind::OtherAlphabet]);
        assert_eq!(kinds(&format!("{signed}.AB")), [FindingKind::SpareBits]);
    }

    #[test]
    fn times_are_judged_by_the_clock_that_is_passed_in() {
        for (payload, kind) in [
            ("{}", FindingKind::NoExp),
            (r#"{"exp":1800000000}"#, FindingKind::Expired),
            (r#"{"exp":1800086401}"#, FindingKind::FarAway),
            (r#"{"exp":"1800000300"}"#, FindingKind::BadTime),
            (r#"{"exp":1800000300,"nbf":1800000001}"#, FindingKind::NotYet),
            (r#"{"exp":1800000300,"iat":1800000061}"#, FindingKind::IssuedLater),
            (r#"{"exp":1800000300,"iat":null}"#, FindingKind::BadTime),
        ] {
            assert_eq!(kinds_of(GOOD_HEADER, payload), [kind], "{payload}");
        }
        let never = format!("{{\"exp\":{}}}", i64::MAX);
        assert!(TokenText::read(&token(GOOD_HEADER, &never), i64::MAX - 1).unwrap().findings.is_empty());
    }

    #[test]
    fn without_its_signature_a_token_still_says_what_it_said() {
        let unsigned = Unsigned::of(&token(GOOD_HEADER, GOOD_PAYLOAD)).unwrap();
        assert_eq!((&*unsigned.header, &*unsigned.payload, unsigned.signature_length), (GOOD_HEADER, GOOD_PAYLOAD, 43));
        assert_eq!(Unsigned::of("a.b"), None);
    }
}

//! Forms that are not compact, sizes, and base64url that is not the one of RFC 7515.

use auth::token::{Fault, MAX_LENGTH};
use serde_json::json;

use super::{Forge, Line, encode, longest};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub fn lines(forge: &Forge) -> Vec<Line> {
    [forms(forge), sizes(forge), parts(forge), spare_bits(forge)].into_iter().flatten().collect()
}

fn line(name: &str, token: impl Into<String>, fault: Fault) -> Line {
    Line { name: name.to_owned(), token: token.into(), fault }
}

/// What is not three parts with dots between them.
fn forms(forge: &Forge) -> Vec<Line> {
    let valid = forge.valid();
    let [header, payload, signature] = split(&valid);
    let flattened = json!({"payload": payload, "protected": header, "signature": signature});
    let general = json!({"payload": payload, "signatures": [{"protected": header, "signature": signature}]});
    let nested = forge.sign_text(forge.header.to_string(), &valid);
    vec![
        line("nothing", "", Fault::Form),
        line("a word", "token", Fault::Form),
        line("one dot", ".", Fault::Form),
        line("two dots", "..", Fault::Json),
        line("no signature and no dot before it", format!("{header}.{payload}"), Fault::Form),
        line("no payload and no dot before it", format!("{header}.{signature}"), Fault::Form),
        line("no header", format!(".{payload}.{signature}"), Fault::Json),
        line("no payload", forge.sign_parts(header, ""), Fault::Json),
        line("a fourth part", format!("{valid}.{signature}"), Fault::Form),
        line("a fourth part that is empty", format!("{valid}."), Fault::Form),
        line("an empty part before it", format!(".{valid}"), Fault::Form),
        line("an empty part in it", format!("{header}..{payload}.{signature}"), Fault::Form),
        line("five parts, as of a JWE", format!("{header}..{payload}.{payload}.{signature}"), Fault::Form),
        line("two tokens", format!("{valid}.{valid}"), Fault::Form),
        line("two tokens with a comma", format!("{valid},{valid}"), Fault::Form),
        line("flattened JSON", flattened.to_string(), Fault::Form),
        line("general JSON", general.to_string(), Fault::Form),
        line("a token in a token", nested, Fault::Json),
        line("dots of another script", valid.replace('.', "\u{3002}"), Fault::Form),
        line("percent-encoded", valid.replace('.', "%2E"), Fault::Form),
        line("with its scheme", format!("Bearer {valid}"), Fault::Encoding),
        line("in quotes", format!("\"{valid}\""), Fault::Encoding),
        line("a blank before it", format!(" {valid}"), Fault::Encoding),
        line("a line break before it", format!("\n{valid}"), Fault::Encoding),
        line("a blank after it", format!("{valid} "), Fault::Signature),
        line("a line break after it", format!("{valid}\r\n"), Fault::Signature),
        line("a null byte after it", format!("{valid}\u{0}"), Fault::Signature),
    ]
}

fn sizes(forge: &Forge) -> Vec<Line> {
    let valid = forge.valid();
    let megabyte = "x".repeat(1_000_000);
    let large = forge.sign(&forge.header, &forge.claims_with("pad", megabyte.as_str()));
    vec![
        line("a few bytes too long", longest(forge, MAX_LENGTH).1, Fault::Size),
        line("a payload of 1 MB", large, Fault::Size),
        line("a signature of 1 MB", format!("{valid}{megabyte}"), Fault::Size),
        line("1 MB of one letter", megabyte, Fault::Size),
        line("1 MB of dots", ".".repeat(1_000_000), Fault::Size),
        line("10,000 dots", ".".repeat(10_000), Fault::Size),
        line("as many dots as there is room for", ".".repeat(MAX_LENGTH), Fault::Form),
        line("10,000 dots after it", format!("{valid}{}", ".".repeat(10_000)), Fault::Size),
        line("1,000 dots before it", format!("{}{valid}", ".".repeat(1_000)), Fault::Form),
    ]
}

/// Each part in turn, with letters that are not of the alphabet; what is signed is signed as it stands.
fn parts(forge: &Forge) -> Vec<Line> {
    let in_the_middle = |part: &str, inserted: &str| format!("{}{inserted}{}", &part[..8], &part[8..]);
    let valid = forge.valid();
    let [header, payload, signature] = split(&valid);
    let mut lines = Vec::new();
    for (name, inserted, in_place_of) in [
        ("a blank", " ", 0),
        ("a line break", "\n", 0),
        ("a tab", "\t", 0),
        ("a null byte", "\u{0}", 0),
        ("an equals sign", "=", 1),
        ("a plus sign", "+", 1),
        ("a slash", "/", 1),
        ("a percent sign", "%", 1),
        ("a comma", ",", 1),
        ("an accent", "\u{e9}", 1),
        ("a letter of another script", "\u{430}", 1),
        ("an invisible letter", "\u{200b}", 0),
    ] {
        let change = |part: &str| in_the_middle(&format!("{}{}", &part[..8], &part[8 + in_place_of..]), inserted);
        lines.push(line(&format!("{name} in the header"), forge.sign_parts(&change(header), payload), Fault::Encoding));
        lines.push(line(
            &format!("{name} in the payload"),
            forge.sign_parts(header, &change(payload)),
            Fault::Encoding,
        ));
        let token = format!("{header}.{payload}.{}", change(signature));
        lines.push(line(&format!("{name} in the signature"), token, Fault::Signature));
    }
    for padding in ["=", "==", "===", "%3D"] {
        let padded = |part: &str| format!("{part}{padding}");
        lines.push(line(
            &format!("{padding} after the header"),
            forge.sign_parts(&padded(header), payload),
            Fault::Encoding,
        ));
        lines.push(line(
            &format!("{padding} after the payload"),
            forge.sign_parts(header, &padded(payload)),
            Fault::Encoding,
        ));
        lines.push(line(&format!("{padding} after the signature"), format!("{valid}{padding}"), Fault::Signature));
    }
    lines
}

/// Bits of the last letter that say nothing, and are not zero; and a letter too many.
fn spare_bits(forge: &Forge) -> Vec<Line> {
    // Blanks inside of the object make its length one that leaves bits over.
    let with_spare = |object: String| {
        let mut spaced = (0..3).map(|blanks| encode(object.replacen('{', &format!("{{{}", " ".repeat(blanks)), 1)));
        spaced.find(|part| !part.len().is_multiple_of(4)).unwrap()
    };
    let header = with_spare(forge.header.to_string());
    let payload = with_spare(forge.claims.to_string());
    let full = |part: &str| format!("{}A", &part[..part.len() / 4 * 4]);
    let valid = forge.sign_parts(&header, &payload);
    let (message, signature) = valid.rsplit_once('.').unwrap();
    vec![
        line("spare bits in the header", forge.sign_parts(&raised(&header), &payload), Fault::Encoding),
        line("spare bits in the payload", forge.sign_parts(&header, &raised(&payload)), Fault::Encoding),
        line("spare bits in the signature", format!("{message}.{}", raised(signature)), Fault::Signature),
        line("a letter too many in the header", forge.sign_parts(&full(&header), &payload), Fault::Encoding),
        line("a letter too many in the payload", forge.sign_parts(&header, &full(&payload)), Fault::Encoding),
        line("a letter too many in the signature", format!("{message}.{}", full(signature)), Fault::Signature),
    ]
}

/// The part with the lowest bit of its last letter set.
fn raised(part: &str) -> String {
    let (rest, last) = part.split_at(part.len() - 1);
    let value = ALPHABET.iter().position(|letter| *letter == last.as_bytes()[0]).unwrap();
    assert_eq!(value % 2, 0, "its spare bits are zero");
    format!("{rest}{}", char::from(ALPHABET[value + 1]))
}

fn split(token: &str) -> [&str; 3] {
    let parts: Vec<&str> = token.split('.').collect();
    parts.try_into().unwrap()
}

//! Personal access tokens: what a program shows instead of a session.
//!
//! `kw_pat_`, 43 characters of base62 (256 random bits), and 6 of a checksum: the CRC-32 of the 43, in
//! base62. So scanners of secrets find them without guessing, and what was cut or mistyped is refused
//! without asking the database. The checksum protects nothing: everybody can compute it. The exact form
//! is in `docs/personal-access-tokens.md`, a promise to scanners.

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::crypto::{Purpose, token_digest};
use crate::random::Random;

const PREFIX: &str = "kw_pat_";
const RANDOM_LENGTH: usize = 43;
const CHECKSUM_LENGTH: usize = 6;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A token whose checksum is right. Whether anybody has it is for the store to say.
pub struct PersonalToken(SecretString);

impl PersonalToken {
    /// Makes one.
    pub fn make(random: &dyn Random) -> Self {
        let drawn = draw(random);
        Self(SecretString::from(format!("{PREFIX}{}{}", *drawn, checksum(&drawn))))
    }

    /// Whether a bearer token wants to be one, right or wrong.
    pub fn is_meant(token: &SecretString) -> bool {
        token.expose_secret().starts_with(PREFIX)
    }

    /// Reads one; none when it cannot be one of ours.
    pub fn parse(token: &SecretString) -> Option<Self> {
        let body = token.expose_secret().strip_prefix(PREFIX)?;
        // Letters and digits of ASCII: so it can be cut anywhere.
        if body.len() != RANDOM_LENGTH + CHECKSUM_LENGTH || !body.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let (drawn, sum) = body.split_at(RANDOM_LENGTH);
        (checksum(drawn) == sum).then(|| Self(token.clone()))
    }

    /// What the store keeps of it.
    pub fn digest(&self) -> String {
        token_digest(Purpose::PersonalAccessToken, &self.0)
    }

    /// The whole text, to be shown once.
    pub fn into_secret(self) -> SecretString {
        self.0
    }
}

/// 43 characters, each equally likely: 256 bits and a little more.
fn draw(random: &dyn Random) -> Zeroizing<String> {
    // The largest multiple of 62 in a byte; what is above would favour the first characters.
    const LIMIT: u8 = 248;
    let mut drawn = Zeroizing::new(String::with_capacity(RANDOM_LENGTH));
    while drawn.len() < RANDOM_LENGTH {
        let mut bytes = Zeroizing::new([0_u8; RANDOM_LENGTH]);
        random.fill(&mut *bytes);
        for byte in bytes.iter().filter(|byte| **byte < LIMIT) {
            if drawn.len() < RANDOM_LENGTH {
                drawn.push(char::from(ALPHABET[usize::from(byte % 62)]));
            }
        }
    }
    drawn
}

/// The CRC-32 of a text as six digits of base62, the highest first.
fn checksum(text: &str) -> String {
    let mut rest = crc32(text.as_bytes());
    let mut digits = [ALPHABET[0]; CHECKSUM_LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    digits.iter().copied().map(char::from).collect()
}

/// CRC-32 as zlib and PNG compute it (RFC 1952, 8). Bit by bit: 43 characters need no table.
fn crc32(bytes: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0xEDB8_8320;
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ POLYNOMIAL } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;
    use std::collections::HashSet;

    const DOCUMENT: &str = include_str!("../../../docs/personal-access-tokens.md");
    /// Computed with Python's `zlib.crc32`.
    const VECTORS: [&str; 4] = [
        "kw_pat_00000000000000000000000000000000000000000002CZclj",
        "kw_pat_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz0UsatS",
        "kw_pat_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg37cCQ0",
        "kw_pat_KeywrightKeywrightKeywrightKeywrightKeywrig3oFWj9",
    ];

    fn is_one(text: &str) -> bool {
        PersonalToken::parse(&SecretString::from(text)).is_some()
    }

    fn made(seed: u64) -> String {
        PersonalToken::make(&SeededRandom::new(seed)).into_secret().expose_secret().to_owned()
    }

    #[test]
    fn the_checksum_is_that_of_other_tools() {
        // The check value of CRC-32/ISO-HDLC.
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
        for vector in VECTORS {
            assert!(is_one(vector), "{vector}");
            assert!(DOCUMENT.contains(vector), "the document lacks {vector}");
        }
    }

    #[test]
    fn a_token_has_the_documented_form_and_256_bits() {
        assert!(DOCUMENT.contains("kw_pat_[0-9A-Za-z]{49}"), "the expression for scanners");
        let tokens: Vec<String> = (0..2000).map(made).collect();
        for token in &tokens {
            let body = token.strip_prefix("kw_pat_").unwrap();
            assert!(body.len() == 49 && body.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{token}");
            assert!(is_one(token), "{token}");
        }
        assert_eq!(tokens.iter().collect::<HashSet<_>>().len(), tokens.len());
        // 86,000 characters: each of the 62 is expected 1387 times, give or take 37.
        let mut counts = [0_u32; 128];
        for byte in tokens.iter().flat_map(|token| token.as_bytes()[7..50].iter()) {
            counts[usize::from(*byte)] += 1;
        }
        for letter in ALPHABET {
            let count = counts[usize::from(*letter)];
            assert!((1160..1620).contains(&count), "{} {count}", char::from(*letter));
        }
    }

    #[test]
    fn any_change_of_one_character_is_noticed() {
        for seed in 0..20 {
            let token = made(seed);
            for at in 0..token.len() {
                for other in (0..128_u8).map(char::from).chain(['é', '\u{ff10}']) {
                    let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
                    assert_eq!(is_one(&changed), changed == token, "{changed:?}");
                }
            }
        }
    }

    #[test]
    fn what_was_cut_lengthened_or_swapped_is_noticed() {
        for seed in 0..200 {
            let token = made(seed);
            for cut in 0..token.len() {
                assert!(!is_one(&token[..cut]) && !is_one(&token[cut + 1..]), "{token} cut at {cut}");
            }
            for at in 7..token.len() - 1 {
                let (one, two) = (&token[at..=at], &token[at + 1..at + 2]);
                let swapped = format!("{}{two}{one}{}", &token[..at], &token[at + 2..]);
                assert_eq!(is_one(&swapped), one == two, "{swapped}");
            }
            for wrong in [format!("{token}0"), format!(" {token}"), format!("{token}\n"), token.to_uppercase()] {
                assert!(!is_one(&wrong), "{wrong:?}");
            }
        }
        for wrong in ["", "kw_pat_", "KW_PAT_", &"x".repeat(1_000_000), &format!("kw_pat_{}", "é".repeat(25))] {
            assert!(!is_one(wrong), "{wrong:.60}");
        }
    }

    #[test]
    fn a_digest_is_of_the_whole_token_and_of_this_purpose() {
        let token = PersonalToken::parse(&SecretString::from(VECTORS[0])).unwrap();
        assert_eq!(token.digest(), token_digest(Purpose::PersonalAccessToken, &SecretString::from(VECTORS[0])));
        assert_ne!(token.digest(), token_digest(Purpose::RefreshToken, &SecretString::from(VECTORS[0])));
    }
}

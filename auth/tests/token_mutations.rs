//! Tokens changed at random, tens of thousands of times and every time alike: what `bin/fuzz` does for as
//! long as it is told, in seconds and without its tools.

use crate::forged_tokens::{Forge, controls, lines};
use crate::support::tokens::Judge;
use auth::random::{Random, SeededRandom};
use auth::token::strict_json;
use serde_json::Value;
use std::collections::HashSet;

/// What stands in tokens and between them, and what does not.
const PIECES: [&str; 32] = [
    ".",
    "..",
    "=",
    "-",
    "_",
    "+",
    "/",
    "e30",
    "bnVsbA",
    "\"",
    "\\",
    "\\u0061",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "1e3",
    "-1",
    "0",
    "\"alg\":\"none\"",
    "\"exp\":",
    "\"sub\":\"x\"",
    "\"kid\":",
    "\"crit\":[]",
    "\"a\":{\"a\":1}",
    "253402300799",
    " ",
    "\u{0}",
    "\u{feff}",
];

/// Dice that always fall the same way.
struct Dice(SeededRandom);

impl Dice {
    /// A number below `limit`.
    fn below(&self, limit: usize) -> usize {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        usize::try_from(u32::from_le_bytes(bytes)).unwrap() % limit
    }

    fn byte(&self) -> u8 {
        let mut bytes = [0];
        self.0.fill(&mut bytes);
        bytes[0]
    }

    /// Changes a text in up to four places, with parts of another one.
    fn change(&self, text: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = text.to_vec();
        for _ in 0..=self.below(4) {
            let place = self.below(bytes.len() + 1);
            let length = self.below(12).min(bytes.len() - place);
            match self.below(7) {
                0 if length > 0 => bytes[place] ^= 1 << self.below(8),
                1 if length > 0 => bytes[place] = self.byte(),
                2 => drop(bytes.drain(place..place + length)),
                3 => drop(bytes.splice(place..place, PIECES[self.below(PIECES.len())].bytes())),
                4 => drop(bytes.splice(place..place + length, PIECES[self.below(PIECES.len())].bytes())),
                5 => {
                    let again = bytes[place..place + length].to_vec();
                    drop(bytes.splice(place..place, again));
                }
                _ => {
                    let from = self.below(other.len() + 1);
                    drop(bytes.splice(place.., other[from..].iter().copied()));
                }
            }
        }
        bytes
    }
}

#[test]
fn a_changed_token_is_none() {
    let (dice, judge) = (Dice(SeededRandom::new(1)), Judge::new(Forge::alone()));
    let valid: HashSet<String> = controls(&judge.forge).into_iter().map(|(_, token)| token).collect();
    let forged = lines(&judge.forge).into_iter().map(|line| line.token).filter(|token| token.len() < 2_000);
    let mut seeds: Vec<String> = valid.iter().filter(|token| token.len() < 2_000).cloned().collect();
    seeds.sort();
    // As many as the forged ones, so that half of the changes begin with a token that is accepted.
    let forged: Vec<String> = forged.collect();
    seeds = seeds.iter().cycle().take(forged.len()).cloned().chain(forged).collect();
    let mut accepted = 0;
    for _ in 0..40_000 {
        let (one, other) = (&seeds[dice.below(seeds.len())], &seeds[dice.below(seeds.len())]);
        let Ok(token) = String::from_utf8(dice.change(one.as_bytes(), other.as_bytes())) else { continue };
        if judge.verify(&token).is_ok() {
            assert!(valid.contains(&token), "{token}");
            accepted += 1;
        }
    }
    assert!(accepted > 0, "a change of nothing happens");
}

#[test]
fn whatever_is_signed_is_accepted_only_when_it_says_what_ours_does() {
    let (dice, judge) = (Dice(SeededRandom::new(2)), Judge::new(Forge::alone()));
    let forge = &judge.forge;
    let (header, claims) = (forge.header_with("typ", "at+jwt").to_string(), forge.claims_with("ver", 0).to_string());
    let mut accepted = 0;
    for round in 0..12_000 {
        let is_header = round % 4 == 0;
        let text = if is_header { &header } else { &claims };
        let changed = dice.change(text.as_bytes(), claims.as_bytes());
        let token = if is_header { forge.sign_text(&changed, &claims) } else { forge.sign_text(&header, &changed) };
        let Ok(said) = judge.verify(&token) else { continue };
        accepted += 1;
        // Another reader reads the same.
        let other: Value = serde_json::from_slice(&changed).unwrap();
        if is_header {
            assert_eq!(other, serde_json::from_str::<Value>(&header).unwrap());
            continue;
        }
        assert_eq!((said.iss.as_str(), said.aud.as_str()), (forge.issuer(), forge.issuer()));
        assert!(said.exp > forge.now() && said.exp - said.iat <= 3600 && said.iat <= forge.now() + 30);
        assert!(said.nbf <= forge.now() + 30 && said.ver >= 0 && said.auth_time >= 0);
        assert!(!said.sub.is_empty() && !said.sid.is_empty() && !said.jti.is_empty());
        let mut own = serde_json::to_value(&said).unwrap();
        // Without a level it is the lowest: another node may be older than that claim.
        if other.get("acr").is_none() {
            assert_eq!(own.as_object_mut().unwrap().remove("acr").unwrap(), "aal1");
        }
        assert!(own.as_object().unwrap().iter().all(|(name, value)| other[name] == *value), "{other}");
    }
    assert!(accepted > 0, "a change within a text is none of ours to refuse");
}

#[test]
fn json_is_read_or_refused_and_never_otherwise_than_others_read_it() {
    let (dice, claims) = (Dice(SeededRandom::new(3)), Forge::alone().claims_with("ver", 0).to_string());
    for _ in 0..40_000 {
        let text = dice.change(claims.as_bytes(), claims.as_bytes());
        if let Some(read) = strict_json::parse(&text) {
            let other: Value = serde_json::from_slice(&text).unwrap();
            assert_eq!(read.members().len(), other.as_object().unwrap().len());
        }
    }
}

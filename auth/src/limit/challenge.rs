//! A proof of work that spares a wait (hashcash): a number behind the text of a challenge makes its SHA-256 begin with so
//! many zero bits. No third party, no picture, nothing to read or hear: a script finds it while the person types.
//!
//! A challenge is signed, ends after ten minutes, is for one client, and is used once. It proves no person: whoever has many
//! processors has many proofs. So it never lifts a limit, it opens another bucket beside a full one.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::Limits;
use super::place::Place;
use crate::crypto::LimitProof;
use crate::{Result, Timestamp};

pub use crate::error::Challenge;

/// Zero bits: a quarter of a million tries, a second of a common machine.
const BITS: u32 = 18;
/// Seconds that a challenge lives.
const SECONDS: i64 = 10 * 60;
/// What a digest is of: the signature of a challenge, or the mark that it was used.
const MADE: &str = "made";
const SPENT: &str = "spent";
/// What is longer is no solution.
const LONGEST: usize = 200;

impl Limits {
    /// A new challenge for a client.
    pub fn challenge(&self, address: &str) -> Challenge {
        let expires = self.now().plus_seconds(SECONDS).0.to_string();
        let nonce = self.random.token();
        let nonce = nonce.expose_secret();
        let mac = self.mac.of(LimitProof::Challenge, &[MADE, &expires, nonce, &BITS.to_string(), &client_of(address)]);
        Challenge { text: format!("{expires}.{BITS}.{nonce}.{mac}"), bits: BITS }
    }

    /// Uses up the solution of a challenge; `false` when it is none, is for another client, ended or was used.
    pub(super) async fn spend_solution(&self, solution: &SecretString, address: &str) -> Result<bool> {
        let Some(expires_at) = self.solved(solution.expose_secret(), address) else { return Ok(false) };
        let text = solution.expose_secret().rsplit_once('.').map_or("", |(text, _)| text);
        let digest = self.mac.of(LimitProof::Challenge, &[SPENT, text]);
        Ok(self.store.spend_challenge(&digest, expires_at).await?)
    }

    /// The end of the challenge that this solves: its text, a dot and a number.
    fn solved(&self, solution: &str, address: &str) -> Option<Timestamp> {
        if solution.len() > LONGEST {
            return None;
        }
        let parts: Vec<&str> = solution.split('.').collect();
        let &[expires, bits, nonce, mac, _] = parts.as_slice() else { return None };
        let expires_at = Timestamp(expires.parse().ok()?);
        let parts = [MADE, expires, nonce, bits, &client_of(address)];
        let is_ours = self.mac.is_of(LimitProof::Challenge, &parts, mac);
        let is_solved = zero_bits(&Sha256::digest(solution.as_bytes())) >= bits.parse::<u32>().ok()?;
        (is_ours && is_solved && expires_at > self.now()).then_some(expires_at)
    }
}

fn client_of(address: &str) -> String {
    Place::of(address).map(|place| place.client).unwrap_or_default()
}

/// How many bits are zero before the first that is not.
fn zero_bits(digest: &[u8]) -> u32 {
    let zeros = digest.iter().take_while(|byte| **byte == 0).count();
    let next = digest.get(zeros).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(zeros).unwrap_or(0) * 8 + next
}

/// Works on a challenge, as the island of the page and programs do.
///
/// # Panics
/// Never: some number is always found.
pub fn solve(challenge: &Challenge) -> String {
    let begun = Sha256::new_with_prefix(format!("{}.", challenge.text));
    let found = (0_u64..)
        .find(|number| zero_bits(&begun.clone().chain_update(number.to_string()).finalize()) >= challenge.bits)
        .expect("numbers do not end before one is found");
    format!("{}.{found}", challenge.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_counted_from_the_front() {
        assert_eq!(zero_bits(&[0xff]), 0);
        assert_eq!(zero_bits(&[0x01, 0xff]), 7);
        assert_eq!(zero_bits(&[0, 0x10]), 11);
        assert_eq!(zero_bits(&[0, 0]), 16);
    }

    #[test]
    fn what_is_solved_has_the_bits() {
        let challenge = Challenge { text: "1.8.a.b".to_owned(), bits: 8 };
        let solution = solve(&challenge);
        assert!(solution.starts_with("1.8.a.b."));
        assert!(zero_bits(&Sha256::digest(solution.as_bytes())) >= 8);
    }
}

//! What a comparison tells that stops at the first difference, and why there is nothing to measure here: a secret is found by
//! its digest, which nobody steers letter by letter.

use auth::crypto::{Purpose, token_digest};
use secrecy::SecretString;

const SECRET: &str = "Zr0pV3cU-8mXw1T_kQe5nYbG7hJsL2aDfOiC9uR4tE6";
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// How long a careless comparison takes, told without any noise: how many letters are right before the first that is not.
fn careless(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count()
}

/// Whoever can measure: of each letter the one that took longest.
fn guessed(takes: impl Fn(&str) -> usize) -> String {
    let mut found = String::new();
    for _ in 0..SECRET.len() {
        let tried = LETTERS.iter().map(|letter| format!("{found}{}", char::from(*letter)));
        found = tried.max_by_key(|guess| takes(guess)).unwrap();
    }
    found
}

#[test]
fn a_comparison_that_stops_early_tells_a_secret_and_one_of_digests_does_not() {
    // The control: 43 times 64 guesses instead of 64 to the power of 43.
    assert_eq!(guessed(|guess| careless(guess, SECRET)), SECRET);

    let digest = |token: &str| token_digest(Purpose::PasswordResetLink, &SecretString::from(token));
    let kept = digest(SECRET);
    let found = guessed(|guess| careless(&digest(guess), &kept));
    assert!(careless(&found, SECRET) < 3, "no more than by chance: {found}");
}

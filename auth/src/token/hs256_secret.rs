//! The operator's secret of HS256. A weak one stops the start (RFC 7518, 3.2; RFC 8725, 3.5): whoever
//! guesses it from one token makes tokens of anybody, and guessing goes on for years unseen.
//!
//! What is refused: fewer than 32 bytes, patterns, and what stands in manuals and samples. Words of such
//! places are taken out, whatever stands between them; what is left must be a secret of its own.

use secrecy::{ExposeSecret, SecretString};

/// As many bytes as the digest has (RFC 7518, 3.2).
const LEAST: usize = 32;
/// Bytes besides well-known words.
const LEAST_BESIDES_WORDS: usize = 16;
/// Fewer different bytes make no secret, however many they are.
const LEAST_DIFFERENT: usize = 8;

/// Secrets that look like good ones and stand in standards and tutorials, in small letters: RFC 7515, A.1;
/// RFC 7520, 3.5; the tutorial of FastAPI; tutorials of Spring Security and of ASP.NET.
const PUBLISHED: [&str; 5] = [
    "aym1sysppbydfgzld3umj1qzkobwvmkoqq-estjqlr_t-1qs0gzh75aktmn3yj0ips4hcguutwjazzr1z9caow",
    "hjtxiz2usn5kbqfbttnwbpdmhkv8fjg-onbc6mxccyg",
    "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
    "404e635266556a586e3272357538782f413f4428472b4b6250645367566b5970",
    "this is used to sign and verify jwt tokens, replace it with your own secret",
];

/// Words of secrets that were never meant to be used. A longer word stands before those within it.
#[rustfmt::skip]
const WORDS: [&str; 90] = [
    "placeholder", "application", "environment", "development", "passphrase", "production", "characters",
    "generated", "something", "different", "character", "signature", "encryption", "keywright", "supersafe",
    "password", "somebody", "generate", "security", "insecure", "verysafe", "changeme", "replace", "default",
    "example", "another", "testing", "private", "minimum", "shouldbe", "secured", "signing", "letmein",
    "please", "change", "secret", "sample", "string", "random", "server", "public", "qwerty", "asdfgh", "foobar",
    "encode", "decode", "access", "really", "bearer", "secure", "strong", "shared", "token", "admin", "super",
    "value", "least", "bytes", "hello", "world", "valid", "which", "chars", "enter", "hs256", "hs384", "hs512",
    "1234567890", "123456789", "12345678", "1234567", "123456", "12345", "1234", "256", "384", "512",
    "your", "this", "that", "test", "with", "long", "very", "bits", "must", "hmac", "here", "jwt", "key",
];

/// A secret that may sign.
#[derive(Clone)]
pub struct Hs256Secret(SecretString);

impl Hs256Secret {
    /// Takes a text; its bytes are the secret.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence that goes on after its name and says what to do.
    pub fn parse(text: &SecretString) -> Result<Self, &'static str> {
        let bytes = text.expose_secret().as_bytes();
        if bytes.len() < LEAST {
            return Err("must have at least 32 bytes; make one with `openssl rand -base64 48`");
        }
        if is_pattern(bytes) {
            return Err("is a pattern that is soon guessed; make one with `openssl rand -base64 48`");
        }
        if is_well_known(&text.expose_secret().to_ascii_lowercase()) {
            return Err("is made of what stands in manuals and samples; make one with `openssl rand -base64 48`");
        }
        Ok(Self(text.clone()))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }
}

/// Few different bytes, a piece that is repeated, or mostly steps to the neighbour such as `abcdef`.
fn is_pattern(bytes: &[u8]) -> bool {
    let mut different = bytes.to_vec();
    different.sort_unstable();
    different.dedup();
    let is_repeated = (1..=bytes.len() / 2).any(|piece| bytes[piece..] == bytes[..bytes.len() - piece]);
    let steps = bytes.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) <= 1).count();
    different.len() < LEAST_DIFFERENT || is_repeated || steps > bytes.len() * 2 / 3
}

fn is_well_known(secret: &str) -> bool {
    if PUBLISHED.iter().any(|known| secret.contains(known)) {
        return true;
    }
    let besides = WORDS.iter().fold(secret.to_owned(), |left, word| left.replace(word, ""));
    besides.len() < LEAST_BESIDES_WORDS || is_pattern(besides.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Random, SeededRandom};
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;

    fn refusal(secret: &str) -> &'static str {
        Hs256Secret::parse(&SecretString::from(secret)).err().unwrap_or_default()
    }

    #[test]
    fn short_ones_patterns_and_well_known_ones_are_refused() {
        for (secret, why) in [
            ("", "32 bytes"),
            ("secret", "32 bytes"),
            ("your-256-bit-secret", "32 bytes"),
            ("r8Jd0mWq2LxT5vYbN7sKc3FhZa9PeUg", "32 bytes"),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "pattern"),
            ("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "pattern"),
            ("changemechangemechangemechangeme", "pattern"),
            ("0123456789abcdef0123456789abcdef", "pattern"),
            ("q7Zx!q7Zx!q7Zx!q7Zx!q7Zx!q7Zx!q7Z", "pattern"),
            ("abcdefghijklmnopqrstuvwxyz123456", "pattern"),
            ("abababcdcdcdefefefabababcdcdcdefef", "pattern"),
            ("secretsecretsecretsecretsecretsecr", "pattern"),
            ("your-256-bit-secret-your-256-bit-secret", "manuals"),
            ("a-string-secret-at-least-256-bits-long", "manuals"),
            ("A-String-Secret-At-Least-256-Bits-Long", "manuals"),
            ("a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long", "manuals"),
            ("my_super_secret_jwt_signing_key_please_change_this", "manuals"),
            ("secret00000000000000000000000000", "pattern"),
            ("changeme!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!", "pattern"),
            ("secret-changeme-0000000000000000", "manuals"),
            ("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg", "manuals"),
            ("PLEASE-REPLACE-THIS-DEFAULT-SECRET", "manuals"),
            ("09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7", "manuals"),
            ("404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970", "manuals"),
            ("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow", "manuals"),
        ] {
            let told = refusal(secret);
            assert!(told.contains(why) && told.contains("openssl rand"), "{secret}: {told}");
        }
    }

    #[test]
    fn random_ones_are_taken() {
        let random: &dyn Random = &SeededRandom::new(1);
        for _ in 0..2000 {
            let mut bytes = [0; 32];
            random.fill(&mut bytes);
            let base64 = BASE64_STANDARD.encode(bytes);
            assert_eq!(refusal(&base64), "", "{base64}");
            let hex = bytes[..16].iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
            assert_eq!(refusal(&hex), "", "{hex}");
        }
        assert_eq!(refusal("secret-r8Jd0mWq2LxT5vYbN7sKc3FhZ"), "", "a word besides a secret takes nothing from it");
    }
}

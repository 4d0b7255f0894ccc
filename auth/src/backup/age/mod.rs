//! Files for whoever has a key, in the format age v1 (<https://c2sp.org/age>): X25519 recipients alone, binary. Every tool that
//! speaks age opens them. It is written here of the primitives that are there already: the crate `age` would bring a second
//! generation of ciphers, two more elliptic curves and a system of translations. The vectors of the format's own test suite
//! show that both mean the same (`auth/tests/backup_age.rs`).

use aws_lc_rs::agreement::{self, PrivateKey, UnparsedPublicKey, X25519};
use hkdf::Hkdf;
use sha2::Sha256;
use std::io::{BufRead, Write};
use zeroize::Zeroizing;

use crate::random::Random;

mod bech32;
mod header;
mod key;
mod stream;

pub use key::{Identity, Recipient};
pub use stream::{Opening, Sealing};

/// What is encrypted is encrypted under this; each file has its own.
type FileKey = Zeroizing<[u8; 16]>;

/// Why a file or key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgeError {
    /// A text is no key.
    #[error("it is no key of age: a recipient begins with age1, an identity with AGE-SECRET-KEY-1")]
    NoKey,
    /// The beginning of a file cannot be read.
    #[error("it is no file of age, or its beginning was changed")]
    Header,
    /// None of the identities is one of its recipients.
    #[error("it was encrypted for another key than those of the identity file")]
    NoMatch,
}

/// Begins a file for one recipient. What is written into the result is encrypted.
///
/// # Errors
/// When the beginning cannot be written, or the recipient is no point that anybody has a key for.
pub fn seal<W: Write>(mut into: W, recipient: &Recipient, random: &dyn Random) -> anyhow::Result<Sealing<W>> {
    let mut key = FileKey::default();
    random.fill(&mut *key);
    let mut nonce = [0; 16];
    random.fill(&mut nonce);
    into.write_all(&header::make(&key, recipient, random).ok_or(AgeError::NoKey)?)?;
    into.write_all(&nonce)?;
    Ok(Sealing::new(into, &payload_key(&key, &nonce)))
}

/// Opens a file with the first of the identities that it is for. What is read was not changed; that nothing is missing at its
/// end is known when it was read to its end.
///
/// # Errors
/// [`AgeError`], or when it cannot be read.
pub fn open<R: BufRead>(mut from: R, identities: &[Identity]) -> anyhow::Result<Opening<R>> {
    let key = header::read(&mut from, identities)?;
    let mut nonce = [0; 16];
    from.read_exact(&mut nonce).map_err(|_| AgeError::Header)?;
    Ok(Opening::new(from, &payload_key(&key, &nonce)))
}

fn payload_key(key: &FileKey, nonce: &[u8; 16]) -> Zeroizing<[u8; 32]> {
    derive(&**key, nonce, b"payload")
}

/// HKDF-SHA-256 (RFC 5869).
fn derive(secret: &[u8], salt: &[u8], label: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(salt), secret).expand(label, &mut *key).expect("32 bytes are within HKDF's limit");
    key
}

/// X25519 (RFC 7748); none for points of a low order.
fn agree(secret: &[u8; 32], public: &[u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
    let secret = PrivateKey::from_private_key(&X25519, secret).ok()?;
    let public = UnparsedPublicKey::new(&X25519, public.as_slice());
    let shared = agreement::agree(&secret, public, (), |shared| <[u8; 32]>::try_from(shared).map_err(|_| ())).ok()?;
    Some(Zeroizing::new(shared)).filter(|shared| shared.iter().any(|byte| *byte != 0))
}

/// The public half of a key.
fn public_of(secret: &[u8; 32]) -> Option<[u8; 32]> {
    let secret = PrivateKey::from_private_key(&X25519, secret).ok()?;
    secret.compute_public_key().ok()?.as_ref().try_into().ok()
}

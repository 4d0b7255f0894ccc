//! The beginning of a file: the key of the file, sealed for each recipient, and a proof that nobody changed it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::io::{BufRead, Read};
use zeroize::Zeroizing;

use super::{AgeError, FileKey, Identity, Recipient, agree, derive, public_of};
use crate::random::Random;

const FIRST_LINE: &str = "age-encryption.org/v1\n";
const LABEL: &[u8] = b"age-encryption.org/v1/X25519";
/// Characters of a whole line of a stanza's body.
const WIDTH: usize = 64;
/// Bytes of the longest beginning that is read.
const MOST: usize = 16 * 1024;
/// The key of a file, with the tag of its cipher.
const SEALED: usize = 32;

/// The beginning of a file with this key; none for a recipient that is no key.
pub(super) fn make(key: &FileKey, recipient: &Recipient, random: &dyn Random) -> Option<Vec<u8>> {
    let mut once = Zeroizing::new([0; 32]);
    random.fill(&mut *once);
    let share = public_of(&once)?;
    let shared = agree(&once, &recipient.0)?;
    let sealed = cipher(&shared, &share, recipient).encrypt(&Nonce::from([0; 12]), key.as_slice()).ok()?;
    let encode = |bytes: &[u8]| BASE64_STANDARD_NO_PAD.encode(bytes);
    let mut text = format!("{FIRST_LINE}-> X25519 {}\n{}\n---", encode(&share), encode(&sealed));
    let proof = keyed(key, text.as_bytes()).finalize().into_bytes();
    text.push_str(&format!(" {}\n", encode(&proof[..])));
    Some(text.into_bytes())
}

/// Reads it to its end and gives the key of the file.
pub(super) fn read(from: &mut impl BufRead, identities: &[Identity]) -> Result<FileKey, AgeError> {
    let mut lines = Lines { from, read: Vec::new() };
    if lines.line()? != FIRST_LINE.trim_end() {
        return Err(AgeError::Header);
    }
    let mut key = None;
    loop {
        let line = lines.line()?;
        if let Some(proof) = line.strip_prefix("---") {
            let proof = decode(proof.strip_prefix(' ').ok_or(AgeError::Header)?)?;
            let key: FileKey = key.ok_or(AgeError::NoMatch)?;
            // What is proved ends with the three dashes.
            let end = lines.read.len() - line.len() - 1 + 3;
            keyed(&key, &lines.read[..end]).verify_slice(&proof).map_err(|_| AgeError::Header)?;
            return Ok(key);
        }
        let words: Vec<&str> = line.strip_prefix("-> ").ok_or(AgeError::Header)?.split(' ').collect();
        if words.iter().any(|word| word.is_empty() || !word.bytes().all(|letter| letter.is_ascii_graphic())) {
            return Err(AgeError::Header);
        }
        let body = lines.body()?;
        match words.as_slice() {
            ["X25519", share] => {
                let share: [u8; 32] = decode(share)?.try_into().map_err(|_| AgeError::Header)?;
                if body.len() != SEALED {
                    return Err(AgeError::Header);
                }
                key = match key {
                    Some(key) => Some(key),
                    None => opened(&share, &body, identities)?,
                };
            }
            ["X25519", ..] => return Err(AgeError::Header),
            // Others may open it in other ways.
            _ => {}
        }
    }
}

/// The key of the file, if it was sealed for one of the identities.
fn opened(share: &[u8; 32], body: &[u8], identities: &[Identity]) -> Result<Option<FileKey>, AgeError> {
    for identity in identities {
        let shared = agree(&identity.secret, share).ok_or(AgeError::Header)?;
        if let Ok(key) = cipher(&shared, share, &identity.recipient).decrypt(&Nonce::from([0; 12]), body) {
            let key = Zeroizing::new(key);
            return Ok(Some(Zeroizing::new(key.as_slice().try_into().map_err(|_| AgeError::Header)?)));
        }
    }
    Ok(None)
}

fn cipher(shared: &[u8; 32], share: &[u8; 32], recipient: &Recipient) -> ChaCha20Poly1305 {
    let key = derive(shared, &[*share, recipient.0].concat(), LABEL);
    ChaCha20Poly1305::new((&*key).into())
}

fn keyed(key: &FileKey, text: &[u8]) -> Hmac<Sha256> {
    let key = derive(key.as_slice(), &[], b"header");
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).expect("any length will do");
    mac.update(text);
    mac
}

/// In the one way that it is written.
fn decode(text: &str) -> Result<Vec<u8>, AgeError> {
    BASE64_STANDARD_NO_PAD.decode(text).map_err(|_| AgeError::Header)
}

/// Lines that were read, and what they were read from.
struct Lines<'a, R> {
    from: &'a mut R,
    read: Vec<u8>,
}

impl<R: BufRead> Lines<'_, R> {
    /// The next line, without its end.
    fn line(&mut self) -> Result<String, AgeError> {
        let start = self.read.len();
        let room = u64::try_from(MOST - start.min(MOST)).unwrap_or_default();
        let got = Read::take(&mut *self.from, room).read_until(b'\n', &mut self.read).map_err(|_| AgeError::Header)?;
        let line = self.read[start..start + got].strip_suffix(b"\n").ok_or(AgeError::Header)?;
        String::from_utf8(line.to_vec()).map_err(|_| AgeError::Header)
    }

    /// The body of a stanza: whole lines, and one that is shorter, or empty.
    fn body(&mut self) -> Result<Vec<u8>, AgeError> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            if line.len() > WIDTH {
                return Err(AgeError::Header);
            }
            body.extend(decode(&line)?);
            if line.len() < WIDTH {
                return Ok(body);
            }
        }
    }
}

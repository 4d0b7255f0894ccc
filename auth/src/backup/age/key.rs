//! Keys of age: a recipient, whom a file is for, and the identity that opens it.

use anyhow::{Context as _, ensure};
use secrecy::{ExposeSecret as _, SecretString};
use std::path::Path;
use zeroize::Zeroizing;

use super::bech32::{decode, encode};
use super::{AgeError, public_of};
use crate::random::Random;

const RECIPIENT: &str = "age";
/// In small letters; it is written in capitals.
const IDENTITY: &str = "age-secret-key-";
/// Bytes of the longest file of identities.
const MOST: u64 = 64 * 1024;

/// Whom a file is encrypted for. No secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipient(pub(super) [u8; 32]);

impl Recipient {
    /// Reads `age1…`.
    ///
    /// # Errors
    /// [`AgeError::NoKey`].
    pub fn parse(text: &str) -> Result<Self, AgeError> {
        decode(RECIPIENT, text.trim()).map(|bytes| Self(*bytes)).ok_or(AgeError::NoKey)
    }

    /// As it is written.
    pub fn to_text(self) -> String {
        encode(RECIPIENT, &self.0).to_string()
    }
}

/// What opens files.
pub struct Identity {
    pub(super) secret: Zeroizing<[u8; 32]>,
    pub(super) recipient: Recipient,
}

impl Identity {
    /// Draws one.
    ///
    /// # Errors
    /// Never in practice.
    pub fn make(random: &dyn Random) -> Result<Self, AgeError> {
        let mut secret = Zeroizing::new([0; 32]);
        random.fill(&mut *secret);
        Self::of(secret)
    }

    /// Reads `AGE-SECRET-KEY-1…`.
    ///
    /// # Errors
    /// [`AgeError::NoKey`].
    pub fn parse(text: &SecretString) -> Result<Self, AgeError> {
        let text = text.expose_secret().trim();
        if text.bytes().any(|letter| letter.is_ascii_lowercase()) {
            return Err(AgeError::NoKey);
        }
        let small = Zeroizing::new(text.to_ascii_lowercase());
        decode(IDENTITY, &small).ok_or(AgeError::NoKey).and_then(Self::of)
    }

    /// Reads a file as `keywright backup key` and `age-keygen` write it: one identity a line, and lines of comment.
    ///
    /// # Errors
    /// When it cannot be read, or has none.
    pub fn read(path: &Path) -> anyhow::Result<Vec<Self>> {
        let size = std::fs::metadata(path).with_context(|| format!("{} cannot be read", path.display()))?.len();
        ensure!(size <= MOST, "{} is no file of identities: it has more than {MOST} bytes", path.display());
        let text =
            std::fs::read_to_string(path).with_context(|| format!("{} cannot be read as text", path.display()))?;
        let text = Zeroizing::new(text);
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let identities = lines.map(|line| Self::parse(&SecretString::from(line))).collect::<Result<Vec<_>, _>>();
        let identities = identities.with_context(|| format!("a line of {} is no identity", path.display()))?;
        ensure!(!identities.is_empty(), "{} has no identity", path.display());
        Ok(identities)
    }

    /// Who it is to others.
    pub const fn recipient(&self) -> Recipient {
        self.recipient
    }

    /// As it is written.
    pub fn to_text(&self) -> SecretString {
        SecretString::from(encode(IDENTITY, &self.secret).to_ascii_uppercase())
    }

    fn of(secret: Zeroizing<[u8; 32]>) -> Result<Self, AgeError> {
        let recipient = Recipient(public_of(&secret).ok_or(AgeError::NoKey)?);
        Ok(Self { secret, recipient })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn a_file_of_identities_is_read_whoever_wrote_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.txt");
        let identity = Identity::make(&SeededRandom::new(1)).unwrap();
        let text = identity.to_text();
        std::fs::write(&path, format!("# created: today\n\n{}\r\n", text.expose_secret())).unwrap();
        let read = Identity::read(&path).unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].recipient(), identity.recipient());
        assert_eq!(Recipient::parse(&identity.recipient().to_text()), Ok(identity.recipient()));
    }

    #[test]
    fn what_is_no_identity_is_refused_and_not_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.txt");
        for text in ["", "# nothing\n", "hunter2", "AGE-SECRET-KEY-1HUNTER2"] {
            std::fs::write(&path, text).unwrap();
            let error = format!("{:#}", Identity::read(&path).err().unwrap());
            assert!(error.contains("key.txt") && !error.to_lowercase().contains("hunter2"), "{error}");
        }
        assert!(Recipient::parse("age1hunter2").is_err());
    }
}

//! A secret in a file that is read each time it is needed: whoever rotates it writes another file, and nothing is started
//! anew (ASVS 5.0, 13.2.1).

use anyhow::{Context as _, ensure};
use secrecy::SecretString;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Bytes of the longest secret.
const MOST: u64 = 4096;

/// Reads it, without blanks and line breaks at its end. A few bytes: nobody waits for them.
///
/// # Errors
/// When there is no such file, or no text of 1 to 4096 bytes in it, as in a file that is being written.
pub(crate) fn read_secret(path: &Path) -> anyhow::Result<SecretString> {
    let mut text = String::new();
    let file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let read = file.take(MOST + 1).read_to_string(&mut text);
    read.with_context(|| format!("{} cannot be read as text", path.display()))?;
    ensure!(text.len() as u64 <= MOST, "{} has more than {MOST} bytes", path.display());
    let text = text.trim_end();
    ensure!(!text.is_empty(), "{} is empty", path.display());
    Ok(SecretString::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_secret_is_what_stands_in_its_file_now() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        for secret in ["p@ss wörd:7?%41", "another"] {
            std::fs::write(&path, format!("{secret}\n")).unwrap();
            assert_eq!(read_secret(&path).unwrap().expose_secret(), secret);
        }
    }

    #[test]
    fn what_is_no_secret_is_refused_and_not_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        assert!(read_secret(&path).is_err(), "there is no such file");
        for bytes in [b" \n".to_vec(), b"hunter2\xff".to_vec(), b"hunter2".repeat(1000)] {
            std::fs::write(&path, bytes).unwrap();
            let error = format!("{:#}", read_secret(&path).unwrap_err());
            assert!(error.contains("password") && !error.contains("hunter2"), "{error}");
        }
    }
}

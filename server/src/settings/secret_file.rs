//! A file with one secret: small, text, and without the line break at its end.

use anyhow::{Context as _, ensure};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// A secret is a line; an address or a key in PEM has a few thousand bytes.
const MOST_BYTES: u64 = 64 * 1024;

/// Reads it, and never more than a secret can have: the name may be that of anything.
///
/// # Errors
/// When it cannot be read, is too large or no text. Nothing of it is told.
pub(super) fn read(path: &Path) -> anyhow::Result<String> {
    let mut text = Vec::new();
    File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut text)?;
    ensure!(text.len() as u64 <= MOST_BYTES, "it is larger than {} KiB", MOST_BYTES / 1024);
    let text = String::from_utf8(text).ok().context("it is not valid UTF-8 text")?;
    Ok(text.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_a_small_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let read_of = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            read(&path).map_err(|error| error.to_string())
        };
        assert_eq!(read_of(b"hunter2 \r\n\n"), Ok("hunter2".to_owned()));
        assert_eq!(read_of("x".repeat(65_536).as_bytes()).map(|text| text.len()), Ok(65_536));
        assert_eq!(read_of("x".repeat(65_537).as_bytes()), Err("it is larger than 64 KiB".to_owned()));
        assert_eq!(read_of(b"hunter2\xff"), Err("it is not valid UTF-8 text".to_owned()));
        assert!(read(Path::new("/dev/zero")).is_err(), "and it is not read to its end");
        assert!(read(folder.path()).is_err() && read(&folder.path().join("nothing")).is_err());
    }
}

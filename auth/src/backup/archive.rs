//! The file of a backup: a line for people, then a file of age with the length of the manifest, the manifest, and the rows. Writing
//! and reading need the memory of a chunk, however large it is.

use anyhow::{Context as _, bail, ensure};
use sha2::{Digest as _, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::age::{self, Identity, Recipient};
use super::{Manifest, Scratch};
use crate::crypto::Sealer;
use crate::random::Random;

/// How every backup begins, whatever its form.
const BEGINNING: &str = "keywright-backup ";
/// Bytes of the longest first line, and of the longest manifest.
const LINE: u64 = 512;
const MANIFEST: usize = 64 * 1024;
const PART: usize = 64 * 1024;

/// A backup that was opened: it is whole, and says of itself what is true.
pub struct Opened {
    /// What is in it.
    pub manifest: Manifest,
    /// What the database wrote, within the scratch folder.
    pub rows: PathBuf,
}

/// Length and digest of a file.
pub(super) fn measure(path: &Path) -> anyhow::Result<(u64, String)> {
    pump(File::open(path)?, &mut std::io::sink())
}

/// Writes a backup of rows that lie in a file.
pub(super) fn write_archive(
    into: &Path,
    recipient: &Recipient,
    random: &dyn Random,
    manifest: &Manifest,
    rows: &Path,
) -> anyhow::Result<()> {
    let text = serde_json::to_string(manifest)?;
    ensure!(text.len() <= MANIFEST, "the manifest is too long");
    let mut file = private_file(into)?;
    file.write_all(manifest.line().as_bytes())?;
    let mut sealed = age::seal(BufWriter::new(file), recipient, random)?;
    sealed.write_all(format!("{:010}\n{text}", text.len()).as_bytes())?;
    let (bytes, sum) = pump(File::open(rows)?, &mut sealed)?;
    ensure!((bytes, sum.as_str()) == (manifest.bytes, manifest.sha256.as_str()), "what is backed up changed meanwhile");
    let file = sealed.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    Ok(file.sync_all()?)
}

/// Opens a backup with one of the identities and writes what the database wrote into the scratch folder. The manifest is proved
/// before one row is taken out, and rows of which it says nothing are not written. Nothing of it is to be used before this has said
/// that all of it is as it was written.
///
/// # Errors
/// When it is no backup, is for another key, is of another installation, or was changed or cut short.
pub fn open_archive(
    path: &Path,
    identities: &[Identity],
    sealer: &Sealer,
    scratch: &Scratch,
) -> anyhow::Result<Opened> {
    let file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let mut file = BufReader::new(file);
    let mut line = Vec::new();
    Read::take(&mut file, LINE).read_until(b'\n', &mut line)?;
    let line = String::from_utf8(line).unwrap_or_default();
    let form = line.strip_prefix(BEGINNING).with_context(|| format!("{} is no backup of Keywright", path.display()))?;
    ensure!(form.starts_with("1 "), "{} has a form that a newer version wrote", path.display());
    let mut plain = age::open(file, identities)?;
    let manifest = read_manifest(&mut plain)?;
    ensure!(manifest.line() == line, "its first line is not what it says of itself inside");
    manifest.prove(sealer)?;
    let rows = scratch.file("rows");
    let mut into = private_file(&rows)?;
    // With one more than there should be, the end is met as well, where age says that nothing was cut off.
    let (bytes, sum) = pump(Read::take(plain, manifest.bytes.saturating_add(1)), &mut into)?;
    ensure!(
        (bytes, sum.as_str()) == (manifest.bytes, manifest.sha256.as_str()),
        "its rows are not those of its manifest"
    );
    into.sync_all()?;
    Ok(Opened { manifest, rows })
}

fn read_manifest(plain: &mut impl Read) -> anyhow::Result<Manifest> {
    let mut length = [0; 11];
    plain.read_exact(&mut length)?;
    let length = std::str::from_utf8(&length).ok().and_then(|text| text.strip_suffix('\n')?.parse::<usize>().ok());
    let Some(length) = length.filter(|length| *length <= MANIFEST) else { bail!("it has no manifest") };
    let mut text = vec![0; length];
    plain.read_exact(&mut text)?;
    serde_json::from_slice(&text).context("its manifest cannot be read")
}

/// A new file that its owner alone may read.
pub(super) fn private_file(path: &Path) -> anyhow::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(path).with_context(|| format!("{} cannot be made", path.display()))
}

/// Copies everything; says how many bytes, and their SHA-256.
fn pump(mut from: impl Read, into: &mut impl Write) -> anyhow::Result<(u64, String)> {
    let (mut digest, mut bytes, mut part) = (Sha256::new(), 0, vec![0; PART]);
    loop {
        let count = from.read(&mut part)?;
        if count == 0 {
            into.flush()?;
            return Ok((bytes, hex(&digest.finalize()[..])));
        }
        digest.update(&part[..count]);
        into.write_all(&part[..count])?;
        bytes += u64::try_from(count)?;
    }
}

/// In small letters.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

//! What follows the beginning of a file: chunks of 64 KiB, each encrypted with its number and with whether it is the last
//! (STREAM): none can be left out, moved, or taken from the end.

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use std::io::{Error, ErrorKind, Read, Result, Write};

const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;

/// Cipher and number of the next chunk.
struct Chunks {
    cipher: ChaCha20Poly1305,
    next: u64,
}

impl Chunks {
    fn new(key: &[u8; 32]) -> Self {
        Self { cipher: ChaCha20Poly1305::new(key.into()), next: 0 }
    }

    /// The number in eleven bytes, and whether it is the last in one.
    fn nonce(&mut self, is_last: bool) -> Nonce {
        let mut nonce = [0; 12];
        nonce[3..11].copy_from_slice(&self.next.to_be_bytes());
        nonce[11] = u8::from(is_last);
        self.next += 1;
        Nonce::from(nonce)
    }
}

/// Encrypts what is written into it. Without [`Sealing::finish`] nobody opens it.
pub struct Sealing<W> {
    into: W,
    chunks: Chunks,
    plain: Vec<u8>,
}

impl<W: Write> Sealing<W> {
    pub(super) fn new(into: W, key: &[u8; 32]) -> Self {
        Self { into, chunks: Chunks::new(key), plain: Vec::with_capacity(CHUNK) }
    }

    /// Writes the last chunk.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<W> {
        self.chunk(true)?;
        self.into.flush()?;
        Ok(self.into)
    }

    fn chunk(&mut self, is_last: bool) -> Result<()> {
        let nonce = self.chunks.nonce(is_last);
        let sealed = self.chunks.cipher.encrypt(&nonce, self.plain.as_slice()).map_err(|_| Error::other("too long"))?;
        self.plain.clear();
        self.into.write_all(&sealed)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        // A full chunk waits until it is known not to be the last.
        if self.plain.len() == CHUNK && !bytes.is_empty() {
            self.chunk(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.plain.len());
        self.plain.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> Result<()> {
        self.into.flush()
    }
}

/// Decrypts what is read from it. Its end is the end of what was written: a file that was cut short fails instead.
pub struct Opening<R> {
    from: R,
    chunks: Chunks,
    /// The chunk after the one that is read, encrypted; none before the first.
    ahead: Option<Vec<u8>>,
    plain: Vec<u8>,
    at: usize,
    is_over: bool,
}

impl<R: Read> Opening<R> {
    pub(super) fn new(from: R, key: &[u8; 32]) -> Self {
        Self { from, chunks: Chunks::new(key), ahead: None, plain: Vec::new(), at: 0, is_over: false }
    }

    fn advance(&mut self) -> Result<()> {
        let sealed = match self.ahead.take() {
            Some(sealed) => sealed,
            None => self.encrypted()?,
        };
        let after = self.encrypted()?;
        let (is_first, is_last) = (self.chunks.next == 0, after.is_empty());
        let nonce = self.chunks.nonce(is_last);
        let changed = || Error::new(ErrorKind::InvalidData, "it was changed, or its end is missing");
        self.plain = self.chunks.cipher.decrypt(&nonce, sealed.as_slice()).map_err(|_| changed())?;
        // Only a file of nothing has a chunk of nothing.
        if self.plain.is_empty() && !is_first {
            return Err(changed());
        }
        (self.at, self.is_over, self.ahead) = (0, is_last, Some(after));
        Ok(())
    }

    /// A whole chunk as it stands in the file; less at its end.
    fn encrypted(&mut self) -> Result<Vec<u8>> {
        let mut sealed = Vec::new();
        let most = u64::try_from(CHUNK + TAG).unwrap_or_default();
        self.from.by_ref().take(most).read_to_end(&mut sealed)?;
        Ok(sealed)
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        while self.at == self.plain.len() {
            if self.is_over {
                return Ok(0);
            }
            self.advance()?;
        }
        let count = into.len().min(self.plain.len() - self.at);
        into[..count].copy_from_slice(&self.plain[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

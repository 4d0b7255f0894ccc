//! A reader of CBOR (RFC 8949) for what authenticators send: definite lengths alone, each within the bytes that are
//! there, and few levels. It reads over everything, so that the library never meets what is endless, huge or cut off.

/// Levels of arrays and maps; attestation statements have three.
const MOST_LEVELS: u8 = 6;

const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const TAG: u8 = 6;
const SIMPLE: u8 = 7;

/// What is left to read. Every reading function gives none for what is not there or not as it should be.
pub(super) struct Cbor<'a>(pub &'a [u8]);

impl<'a> Cbor<'a> {
    /// So many bytes.
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// So many bytes, as a field of that size.
    pub fn take_array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    /// The number of entries of a map that begins here.
    pub fn map(&mut self) -> Option<u64> {
        self.head_of(MAP)
    }

    /// A text that begins here.
    pub fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.head_of(TEXT)?).ok()?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    /// A byte string that begins here.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.head_of(BYTES)?).ok()?;
        self.take(length)
    }

    /// Reads over a map, whatever is in it.
    pub fn skip_map(&mut self) -> Option<()> {
        if self.0.first()? >> 5 != MAP {
            return None;
        }
        self.skip()
    }

    /// Reads over one item, whatever it is.
    pub fn skip(&mut self) -> Option<()> {
        self.skip_at(0)
    }

    fn skip_at(&mut self, level: u8) -> Option<()> {
        if level > MOST_LEVELS {
            return None;
        }
        let (kind, argument) = self.head()?;
        match kind {
            BYTES => {
                self.take(usize::try_from(argument).ok()?)?;
            }
            TEXT => {
                std::str::from_utf8(self.take(usize::try_from(argument).ok()?)?).ok()?;
            }
            ARRAY | MAP => {
                let items = if kind == MAP { argument.checked_mul(2)? } else { argument };
                // Each item takes a byte at least: a huge number is refused before anything is done so often.
                if items > self.0.len() as u64 {
                    return None;
                }
                for _ in 0..items {
                    self.skip_at(level + 1)?;
                }
            }
            TAG => self.skip_at(level + 1)?,
            // Numbers, and what is simple: the head is all there is.
            _ => {}
        }
        Some(())
    }

    fn head_of(&mut self, wanted: u8) -> Option<u64> {
        let (kind, argument) = self.head()?;
        (kind == wanted).then_some(argument)
    }

    /// The kind of an item and its argument (RFC 8949, 3).
    fn head(&mut self) -> Option<(u8, u64)> {
        let [first] = self.take_array()?;
        let (kind, short) = (first >> 5, first & 0x1f);
        let argument = match short {
            0..24 => u64::from(short),
            24 => u64::from(u8::from_be_bytes(self.take_array()?)),
            25 => u64::from(u16::from_be_bytes(self.take_array()?)),
            26 => u64::from(u32::from_be_bytes(self.take_array()?)),
            27 => u64::from_be_bytes(self.take_array()?),
            // Reserved, or of indefinite length.
            _ => return None,
        };
        // Of what is simple, authenticators send booleans and null.
        if kind == SIMPLE && !(20..=22).contains(&short) {
            return None;
        }
        Some((kind, argument))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_read(bytes: &[u8]) -> bool {
        let mut cbor = Cbor(bytes);
        cbor.skip().is_some() && cbor.0.is_empty()
    }

    #[test]
    fn what_authenticators_send_is_read_to_its_end() {
        for good in [
            &[0x00][..],
            &[0x38, 0x18],
            &[0x42, 1, 2],
            &[0x62, b'h', b'i'],
            &[0x82, 0x01, 0xf5],
            &[0xa1, 0x61, b'a', 0xf6],
            &[0xc1, 0x1a, 0, 0, 0, 1],
        ] {
            assert!(is_read(good), "{good:02x?}");
        }
        let mut cbor = Cbor(&[0xa1, 0x61, b'a', 0x42, 7, 8]);
        assert_eq!((cbor.map(), cbor.text(), cbor.bytes()), (Some(1), Some("a"), Some(&[7, 8][..])));
    }

    #[test]
    fn what_is_endless_huge_deep_or_cut_off_is_refused() {
        for bad in [
            &[][..],
            &[0x42, 1],
            &[0x18],
            &[0x5f, 0x41, 1, 0xff],
            &[0x9f, 0xff],
            &[0xbf, 0xff],
            &[0x1c],
            &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x9a, 0x00, 0xff, 0xff, 0xff, 0x00],
            &[0x61, 0xff],
            &[0xf9, 0x3c, 0x00],
            &[0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x00],
        ] {
            assert!(!is_read(bad), "{bad:02x?}");
        }
        assert_eq!(Cbor(&[0x80]).skip_map(), None);
    }
}

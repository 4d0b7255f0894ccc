//! base64url without padding (RFC 7515, 2; RFC 4648, 5). More is read than may be written, so that a
//! reader can be told what is unusual.

/// What an encoded text holds, and what about it a verifier must refuse.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// It ends in `=`.
    pub is_padded: bool,
    /// It has `+` or `/` of the other alphabet.
    pub is_other_alphabet: bool,
    /// The last character has bits that mean nothing: another text decodes to the same bytes.
    pub has_spare_bits: bool,
}

/// Why a text is not base64url at all.
#[derive(Debug, PartialEq, Eq)]
pub enum Broken {
    /// A character of no alphabet, counted from 0.
    Character(usize),
    /// A single character is left over.
    Length,
}

/// Decodes a text.
///
/// # Errors
/// [`Broken`]: the first thing that stands in the way.
pub fn decode(text: &str) -> Result<Decoded, Broken> {
    let digits = text.trim_end_matches('=');
    let mut decoded = Decoded { is_padded: digits.len() < text.len(), ..Decoded::default() };
    let (mut held, mut bits) = (0_u32, 0_u32);
    for (at, digit) in digits.bytes().enumerate() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return Err(Broken::Character(at)),
        };
        decoded.is_other_alphabet |= matches!(digit, b'+' | b'/');
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            decoded.bytes.push((held >> bits).to_be_bytes()[3]);
            held &= (1 << bits) - 1;
        }
    }
    decoded.has_spare_bits = held != 0;
    if bits == 6 { Err(Broken::Length) } else { Ok(decoded) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648_decode() {
        for (text, bytes) in
            [("", ""), ("Zg", "f"), ("Zm8", "fo"), ("Zm9v", "foo"), ("Zm9vYg", "foob"), ("Zm9vYmFy", "foobar")]
        {
            let decoded = decode(text).unwrap();
            assert_eq!(decoded, Decoded { bytes: bytes.into(), ..Decoded::default() }, "{text}");
        }
        assert_eq!(decode("-_-_").unwrap().bytes, [0xfb, 0xff, 0xbf]);
    }

    #[test]
    fn what_a_verifier_refuses_is_read_and_noticed() {
        let padded = decode("Zg==").unwrap();
        assert!(padded.is_padded && !padded.has_spare_bits && padded.bytes == b"f");
        assert!(decode("+/+/").unwrap().is_other_alphabet);
        let spare = decode("Zh").unwrap();
        assert!(spare.has_spare_bits && spare.bytes == b"f");
    }

    #[test]
    fn what_is_no_base64_is_told_by_its_place() {
        assert_eq!(decode("Zm9 v"), Err(Broken::Character(3)));
        assert_eq!(decode("Zé"), Err(Broken::Character(1)));
        assert_eq!(decode("Z=g"), Err(Broken::Character(1)));
        assert_eq!(decode("Zm9vY"), Err(Broken::Length));
    }
}

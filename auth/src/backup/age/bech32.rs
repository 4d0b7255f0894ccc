//! Bech32 (BIP 173), as age writes its keys: 32 bytes behind a prefix, with a checksum that finds a mistyped letter. The
//! limit of 90 letters is not age's.

use zeroize::Zeroizing;

const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATORS: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
/// Letters of 32 bytes; and of the checksum.
const BODY: usize = 52;
const CHECK: usize = 6;

/// 32 bytes as text in small letters.
pub(super) fn encode(prefix: &str, bytes: &[u8; 32]) -> Zeroizing<String> {
    let mut values = Zeroizing::new(Vec::with_capacity(BODY + CHECK));
    let (mut bits, mut kept) = (0_u32, 0_u32);
    for byte in bytes {
        (bits, kept) = ((bits << 8) | u32::from(*byte), kept + 8);
        while kept >= 5 {
            kept -= 5;
            values.push(five(bits >> kept));
        }
        bits &= (1 << kept) - 1;
    }
    if kept > 0 {
        values.push(five(bits << (5 - kept)));
    }
    let sum = checksum(prefix, values.iter().copied().chain([0; CHECK])) ^ 1;
    for place in (0..CHECK).rev() {
        values.push(five(sum >> (5 * place)));
    }
    let mut text = Zeroizing::new(format!("{prefix}1"));
    for value in values.iter() {
        text.push(char::from(LETTERS[usize::from(*value)]));
    }
    text
}

/// The 32 bytes of a text in small letters; none when it is anything else.
pub(super) fn decode(prefix: &str, text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let body = text.strip_prefix(prefix)?.strip_prefix('1')?;
    if body.len() != BODY + CHECK {
        return None;
    }
    let values = body.bytes().map(|letter| {
        let place = LETTERS.iter().position(|known| *known == letter)?;
        u8::try_from(place).ok()
    });
    let values = Zeroizing::new(values.collect::<Option<Vec<u8>>>()?);
    if checksum(prefix, values.iter().copied()) != 1 {
        return None;
    }
    let mut bytes = Zeroizing::new([0; 32]);
    let (mut bits, mut kept, mut at) = (0_u32, 0_u32, 0);
    for value in &values[..BODY] {
        (bits, kept) = ((bits << 5) | u32::from(*value), kept + 5);
        if kept >= 8 {
            kept -= 8;
            *bytes.get_mut(at)? = u8::try_from((bits >> kept) & 0xff).ok()?;
            at += 1;
            bits &= (1 << kept) - 1;
        }
    }
    // What is left over stands for nothing, so it is nothing.
    (bits == 0).then_some(bytes)
}

fn five(bits: u32) -> u8 {
    u8::try_from(bits & 31).unwrap_or_default()
}

fn checksum(prefix: &str, values: impl Iterator<Item = u8>) -> u32 {
    let high = prefix.bytes().map(|letter| letter >> 5);
    let low = prefix.bytes().map(|letter| letter & 31);
    high.chain([0]).chain(low).chain(values).fold(1, |sum: u32, value| {
        let moved = ((sum & 0x01ff_ffff) << 5) ^ u32::from(value);
        let chosen = GENERATORS.iter().enumerate().filter(|(bit, _)| (sum >> 25 >> bit) & 1 == 1);
        chosen.fold(moved, |sum, (_, generator)| sum ^ generator)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A recipient of age's documentation.
    const KNOWN: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    #[test]
    fn what_was_written_is_read_and_one_wrong_letter_is_found() {
        let bytes = decode("age", KNOWN).unwrap();
        assert_eq!(encode("age", &bytes).as_str(), KNOWN);
        for at in 4..KNOWN.len() {
            let mut letters = KNOWN.as_bytes().to_vec();
            letters[at] = if letters[at] == b'q' { b'p' } else { b'q' };
            assert!(decode("age", &String::from_utf8(letters).unwrap()).is_none(), "at {at}");
        }
        for other in ["", "age1", &KNOWN[..KNOWN.len() - 1], &KNOWN.to_uppercase(), &KNOWN.replace("age1", "agf1")] {
            assert!(decode("age", other).is_none(), "{other}");
        }
    }
}

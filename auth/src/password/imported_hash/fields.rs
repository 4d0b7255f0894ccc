//! The fields of a hash, as the forms write them.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::HashIssue;

/// Bytes of the shortest output: that of PHC strings. Fewer would be guessed.
const MIN_OUTPUT: usize = 10;
/// Bytes of the longest output.
const MAX_OUTPUT: usize = 128;

/// PHC strings have no padding, Django's have.
static BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A number in digits.
pub(super) fn number(text: &str) -> Result<u32, HashIssue> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(HashIssue::Malformed);
    }
    // Digits that are no u32 are more than anything may cost.
    text.parse().map_err(|_| HashIssue::TooExpensive)
}

/// The numbers of a field such as `m=65536,t=3,p=4`, in the order of their names; none is missing and
/// there is no other.
pub(super) fn numbers<const N: usize>(field: &str, names: [&str; N]) -> Result<[u32; N], HashIssue> {
    let pairs: Option<Vec<_>> = field.split(',').map(|pair| pair.split_once('=')).collect();
    let pairs = pairs.filter(|pairs| pairs.len() == N).ok_or(HashIssue::Malformed)?;
    let mut found = [0; N];
    for (place, name) in found.iter_mut().zip(names) {
        let pair = pairs.iter().find(|(known, _)| *known == name).ok_or(HashIssue::Malformed)?;
        *place = number(pair.1)?;
    }
    Ok(found)
}

/// A salt in base64.
pub(super) fn salt(text: &str) -> Result<Vec<u8>, HashIssue> {
    decode(text).filter(|salt| !salt.is_empty()).ok_or(HashIssue::Malformed)
}

/// A salt that is written as the text it is.
pub(super) fn plain_salt(text: &str) -> Result<Vec<u8>, HashIssue> {
    if text.is_empty() { Err(HashIssue::Malformed) } else { Ok(text.as_bytes().to_vec()) }
}

/// What the hash must come to, in base64.
pub(super) fn output(text: &str) -> Result<Vec<u8>, HashIssue> {
    decode(text).filter(|output| (MIN_OUTPUT..=MAX_OUTPUT).contains(&output.len())).ok_or(HashIssue::Malformed)
}

/// Decodes base64, also that of passlib, which writes a dot for the plus.
fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.replace('.', "+")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_names() {
        assert_eq!(numbers("m=65536,t=3,p=4", ["m", "t", "p"]), Ok([65_536, 3, 4]));
        assert_eq!(numbers("p=4,m=65536,t=3", ["m", "t", "p"]), Ok([65_536, 3, 4]));
        for broken in ["", "m=1,t=3", "m=1,t=3,p=4,data=AA", "m=1,m=1,p=4", "m=1,t=+3,p=4", "m=1,t=,p=4", "m,t,p"] {
            assert_eq!(numbers(broken, ["m", "t", "p"]), Err(HashIssue::Malformed), "{broken}");
        }
        assert_eq!(number("4294967296"), Err(HashIssue::TooExpensive));
    }

    #[test]
    fn base64_is_read_with_and_without_padding() {
        assert_eq!(salt("c2FsdA"), Ok(b"salt".to_vec()));
        assert_eq!(salt("c2FsdA=="), Ok(b"salt".to_vec()));
        assert_eq!(salt("./.+"), salt("+/++"));
        for broken in ["", "c2F sdA", "c", "é"] {
            assert_eq!(salt(broken), Err(HashIssue::Malformed), "{broken}");
        }
        assert_eq!(output("c2FsdA"), Err(HashIssue::Malformed), "four bytes are guessed");
        assert_eq!(plain_salt(""), Err(HashIssue::Malformed));
    }
}

//! Master keys beside the one that seals.

use anyhow::ensure;
use secrecy::SecretString;

/// Most of them: a rotation needs one, and one that was broken off another.
const MOST: usize = 10;

/// Reads a list with blanks, commas or line breaks: a file may have one key a line.
///
/// # Errors
/// More than a ring may have.
pub(super) fn parse(list: &str) -> anyhow::Result<Vec<SecretString>> {
    let keys = list.split([',', ' ', '\t', '\r', '\n']).filter(|key| !key.is_empty());
    let keys: Vec<SecretString> = keys.map(SecretString::from).collect();
    ensure!(keys.len() <= MOST, "other_master_keys may have {MOST} keys");
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_list_has_one_key_a_line_or_commas() {
        let keys = parse("one\r\ntwo\n\n").unwrap();
        assert_eq!(keys.iter().map(|key| key.expose_secret()).collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(parse("one, two,three").unwrap().len(), 3);
        assert!(parse("").unwrap().is_empty());
        assert!(parse(&"key ".repeat(10)).is_ok());
        let error = parse(&"key ".repeat(11)).err().unwrap().to_string();
        assert!(error.contains("other_master_keys") && !error.contains("key key"), "{error}");
    }
}

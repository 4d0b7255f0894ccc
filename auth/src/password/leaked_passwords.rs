//! Whether a password is on the list of leaked ones that is part of the program (NIST SP 800-63B-4,
//! 3.1.1.2: a new password is compared with those of earlier leaks). Nothing leaves the machine.
//!
//! The file holds 5 bytes of SHA-256 for each of 1.5 million passwords, so one in 700,000 others is
//! taken for a listed one. `auth/assets/README.md` says where they come from and how it is made.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::NewPassword;
use super::hash::normalized;

static LIST: &[u8] = include_bytes!("../../assets/common_passwords.bin");

/// The file begins with an index: for each value of a digest's first two bytes, where its records
/// end. The next three bytes are the records, sorted.
const INDEX: usize = 65_536 * 4;

/// As many digits and signs are ignored at the end: a year and a `!`. Programs that guess append
/// them to every listed password; what is longer is new material, which zxcvbn judges.
const MAX_TAIL: usize = 5;

/// How many passwords are listed.
pub fn count() -> usize {
    records().len()
}

/// Whether the password is listed, in whatever case; also with a few digits and signs behind it,
/// or written several times. The rule demands 12 characters, which people reach that way.
/// Takes microseconds.
pub fn is_leaked(password: &NewPassword) -> bool {
    let folded = Zeroizing::new(normalized(password.expose()).to_lowercase());
    let mut rest = folded.as_str();
    for _ in 0..=MAX_TAIL {
        if is_listed(rest) || repeats_a_listed_one(rest) {
            return true;
        }
        match rest.strip_suffix(is_digit_or_sign) {
            Some(shorter) => rest = shorter,
            None => return false,
        }
    }
    false
}

fn is_digit_or_sign(character: char) -> bool {
    character.is_ascii_digit() || character.is_ascii_punctuation()
}

fn repeats_a_listed_one(text: &str) -> bool {
    (1..=text.len() / 2).filter(|length| text.len().is_multiple_of(*length)).any(|length| {
        text.get(..length).is_some_and(|unit| {
            text.as_bytes().chunks_exact(length).all(|part| part == unit.as_bytes()) && is_listed(unit)
        })
    })
}

fn is_listed(text: &str) -> bool {
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let [high, low, first, second, third, ..] = digest;
    let bucket = usize::from(u16::from_be_bytes([high, low]));
    let start = bucket.checked_sub(1).map_or(0, end_of);
    records()[start..end_of(bucket)].binary_search(&[first, second, third]).is_ok()
}

fn end_of(bucket: usize) -> usize {
    let (ends, _) = LIST[..INDEX].as_chunks::<4>();
    u32::from_be_bytes(ends[bucket]) as usize
}

fn records() -> &'static [[u8; 3]] {
    LIST[INDEX..].as_chunks::<3>().0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaked(password: &str) -> bool {
        is_leaked(&NewPassword::parse(password, "", "").ok().unwrap())
    }

    #[test]
    fn the_list_is_whole_and_sorted() {
        assert!(count() > 100_000 && end_of(65_535) == count());
        assert_eq!(LIST.len(), INDEX + count() * 3);
        let mut start = 0;
        for bucket in 0..65_536 {
            let end = end_of(bucket);
            assert!(records()[start..end].is_sorted_by(|one, next| one < next), "bucket {bucket}");
            start = end;
        }
    }

    #[test]
    fn a_leaked_password_is_found_in_any_case_and_composition() {
        for password in [
            "7VxetcDk1NA1Jptp",
            "7vxetcdk1na1jptp",
            "Password*123",
            "correcthorsebatterystaple",
            "Desoxyribonukleins\u{e4}ure",
            "desoxyribonukleinsa\u{308}ure",
        ] {
            assert!(leaked(password), "{password}");
        }
    }

    #[test]
    fn a_leaked_password_is_found_with_an_end_or_repeated() {
        for password in
            ["7VxetcDk1NA1Jptp!", "7VxetcDk1NA1Jptp2025!", "Butterfly!?!?", "butterflyBUTTERFLYbutterfly2025!"]
        {
            assert!(leaked(password), "{password}");
        }
        assert!(!leaked("7VxetcDk1NA1Jptp582140"), "six digits are new");
        assert!(!leaked("7VxetcDk1NA1Jptp and more"), "words are new");
    }

    #[test]
    fn other_passwords_are_not_found() {
        for password in ["correct horse battery staple", "trombone lamp yes", "пароль с пробелами", "k3#vPq9!xLm2"]
        {
            assert!(!leaked(password), "{password}");
        }
        for seed in 0..10_000_u32 {
            let digest: [u8; 32] = Sha256::digest(seed.to_be_bytes()).into();
            let password: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(!leaked(&password), "{password}");
        }
    }
}

//! The hint while typing: how hard a password is to guess, in four steps, without a dictionary.
//!
//! The browser runs this on every keystroke, so it is rough on purpose. The server decides.

use super::{MIN_LENGTH, contains_email, contains_name};

/// A step of the hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Not acceptable yet.
    TooShort,
    /// Long enough, but easy to guess.
    Weak,
    /// Acceptable.
    Good,
    /// More than enough.
    Strong,
}

impl Strength {
    /// The step as a number from 0 to 3.
    pub const fn level(self) -> u8 {
        self as u8
    }
}

/// Judges a password as typed so far. Repeats (`aaaa`), runs (`1234`, `abcd`) and the person's own
/// address or name add no strength.
pub fn strength(password: &str, email: &str, name: &str) -> Strength {
    let characters: Vec<char> = password.chars().collect();
    if characters.len() < MIN_LENGTH {
        return Strength::TooShort;
    }
    let fresh = 1 + characters.windows(2).filter(|pair| !is_step(pair[0], pair[1])).count();
    let mut distinct = characters.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let personal = contains_email(password, email) || contains_name(password, name);
    match fresh {
        _ if personal || distinct.len() < 5 => Strength::Weak,
        0..=7 => Strength::Weak,
        8..=15 => Strength::Good,
        _ => Strength::Strong,
    }
}

/// Whether the second character is the first, its neighbour up or its neighbour down.
fn is_step(first: char, second: char) -> bool {
    (u32::from(first)).abs_diff(u32::from(second)) <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(password: &str) -> Strength {
        strength(password, "alice@example.com", "Alice Doe")
    }

    #[test]
    fn the_hint_grows_with_what_is_new() {
        assert_eq!(judge("short"), Strength::TooShort);
        assert_eq!(judge("aaaaaaaaaaaaaaaa"), Strength::Weak);
        assert_eq!(judge("1234567890123456"), Strength::Weak);
        assert_eq!(judge("alice-wonderland"), Strength::Weak);
        assert_eq!(judge("trombone lamp"), Strength::Good);
        assert_eq!(judge("correct horse battery staple"), Strength::Strong);
    }
}

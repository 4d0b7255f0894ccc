//! Whether a password is among those that are guessed first.
//!
//! zxcvbn carries its lists with it (30,000 leaked passwords, names, words) and sees through
//! repeats, keyboard rows, dates and letters written as digits. Nothing leaves the machine.

use zxcvbn::{Score, zxcvbn};

use super::NewPassword;
use crate::Email;

/// Product words that an attacker tries on this site first.
const CONTEXT: [&str; 2] = ["keywright", "password"];

/// Characters that are judged: zxcvbn's time grows steeply, and nobody guesses the 25th first.
const JUDGED: usize = 24;

/// Whether fewer than a million guesses reach the password; `name` is empty when it is not known.
/// Takes up to 70 milliseconds: keep it off the async threads.
pub fn is_common(password: &NewPassword, email: &Email, name: &str) -> bool {
    let own = [CONTEXT[0], CONTEXT[1], email.as_str(), email.local(), name];
    let start: String = password.expose().chars().take(JUDGED).collect();
    zxcvbn(&start, &own).score() <= Score::One
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(password: &str) -> bool {
        let email = Email::parse("alice@example.com").unwrap();
        is_common(&NewPassword::parse(password, "", "").ok().unwrap(), &email, "Alice")
    }

    #[test]
    fn what_is_guessed_first_is_common() {
        for password in [
            "password1234",
            "123456789012",
            "qwertyuiop123",
            "aaaaaaaaaaaaaa",
            "P@ssw0rd1234",
            "keywright123",
            "abcabcabcabc",
        ] {
            assert!(common(password), "{password}");
        }
    }

    #[test]
    fn what_is_not_guessed_first_is_not() {
        for password in ["correct horse battery staple", "trombone lamp yes", "пароль с пробелами", "k3#vPq9!xLm2"]
        {
            assert!(!common(password), "{password}");
        }
    }
}

//! What a person is called who comes from a provider. Its words are a stranger's: a name that breaks our rule is none.

use crate::{Email, PersonName};

/// The name that the provider told, else what stands before the `@`.
pub(crate) fn person_name(told: Option<&str>, email: &Email) -> PersonName {
    let told = told.and_then(|name| PersonName::parse(name).ok());
    told.or_else(|| PersonName::parse(email.local()).ok()).unwrap_or_else(|| letters_of(email))
}

/// The letters and digits of the address: its domain has a letter.
fn letters_of(email: &Email) -> PersonName {
    let letters: String = email.as_str().chars().filter(char::is_ascii_alphanumeric).take(100).collect();
    PersonName::from(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_told_or_follows_from_the_address() {
        for (told, email, name) in [
            (Some("Sam Doe"), "s@example.com", "Sam Doe"),
            (Some(" "), "sam.doe@example.com", "sam.doe"),
            (Some("win at https://evil.example"), "sam@example.com", "sam"),
            (Some("a\u{202e}b"), "sam@example.com", "sam"),
            (None, "a/b@example.com", "abexamplecom"),
            (None, "www.x@example.com", "wwwxexamplecom"),
        ] {
            let email = Email::parse(email).unwrap();
            let made = person_name(told, &email);
            assert_eq!(made.as_str(), name);
            assert!(PersonName::parse(made.as_str()).is_ok(), "{name}");
        }
        let long = "x".repeat(1_000_000);
        assert_eq!(person_name(Some(&long), &Email::parse("sam@example.com").unwrap()).as_str(), "sam");
    }
}

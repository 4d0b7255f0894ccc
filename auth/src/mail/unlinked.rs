//! Names that somebody chose and others read in a mail of ours. Mail clients turn what looks like the name of a host into a
//! link, and a stranger would send theirs by an invitation.

/// Parts a word from the word before it, and shows nothing.
const JOINER: char = '\u{2060}';
/// What stands between the labels of a host: the dot, and those that browsers take for it (UTS #46, 4.5).
const DOTS: [char; 4] = ['.', '\u{3002}', '\u{ff0e}', '\u{ff61}'];

/// The same to the eye; nothing in it is the name of a host.
pub(super) fn unlinked(name: &str) -> String {
    let mut shown = String::with_capacity(name.len());
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        shown.push(letter);
        if DOTS.contains(&letter) && letters.peek().is_some_and(|next| next.is_alphanumeric()) {
            shown.push(JOINER);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Mail, OrganizationMessage, render};
    use crate::organization::OrganizationName;
    use crate::{Email, Locale, PersonName};

    #[test]
    fn what_looks_like_a_host_is_parted_and_nothing_else_changes() {
        for (name, shown) in [
            ("win at evil.example now", "win at evil.\u{2060}example now"),
            ("a.b.example", "a.\u{2060}b.\u{2060}example"),
            ("evil\u{3002}example", "evil\u{3002}\u{2060}example"),
            ("Acme Inc.", "Acme Inc."),
            ("J. R. R. Tolkien", "J. R. R. Tolkien"),
        ] {
            assert_eq!(unlinked(name), shown);
        }
    }

    #[test]
    fn no_invitation_carries_a_strangers_link() {
        let message = OrganizationMessage::Invitation {
            inviter: PersonName::parse("Prizes at evil.example").unwrap(),
            organization: OrganizationName::parse("other.example").unwrap(),
            link: "https://id.example.com/invitation?token=abc".into(),
            code: "123456".into(),
        }
        .into();
        let mail = Mail { to: Email::parse("bob@example.com").unwrap(), locale: Locale::En, message };
        let rendered = render(&mail).unwrap();
        for part in [&rendered.subject, &rendered.text, &rendered.html] {
            assert!(part.contains("Prizes at evil.") && part.contains("other."), "{part}");
            assert!(!part.contains("evil.example") && !part.contains("other.example"), "{part}");
        }
    }
}

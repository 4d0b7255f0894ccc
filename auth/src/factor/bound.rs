//! To what a proof of a factor is bound: a code that was sent, or a challenge that was made, for one thing is worth
//! nothing at another (NIST SP 800-63B-4, 3.1.3; WebAuthn Level 3, 13.4.3).

use crate::id::SessionId;

/// What a proof is for.
#[derive(Clone, Copy)]
pub enum Bound<'a> {
    /// The sign-in that waits, by the digest of its ticket.
    SignIn(&'a str),
    /// A session whose person proves themselves again.
    Session(&'a SessionId),
}

impl Bound<'_> {
    /// The text that the store keeps: `sign_in:…` or `session:…`.
    pub fn text(&self) -> String {
        match self {
            Self::SignIn(digest) => format!("sign_in:{digest}"),
            Self::Session(id) => format!("session:{}", id.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_and_a_session_of_one_name_are_two_things() {
        let session = SessionId("x".to_owned());
        assert_eq!(Bound::SignIn("x").text(), "sign_in:x");
        assert_eq!(Bound::Session(&session).text(), "session:x");
    }
}

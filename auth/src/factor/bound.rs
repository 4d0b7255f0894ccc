//! To what a proof of a factor is bound: a code that was sent, or a challenge that was made, for one thing is worth
//! nothing at another (NIST SP 800-63B-4, 3.1.3; WebAuthn Level 3, 13.4.3).

use super::{FactorMethod, Factors};
use crate::id::SessionId;

/// What a proof is for.
#[derive(Clone, Copy)]
pub enum Bound<'a> {
    /// The sign-in that waits, by the digest of its ticket.
    SignIn(&'a str),
    /// The same, of an account without factors: the sign-in looked unusual, and a mailed code is asked for.
    MailedSignIn(&'a str),
    /// A session whose person proves themselves again.
    Session(&'a SessionId),
}

impl Bound<'_> {
    /// Whether this kind may be proved here by an account with these factors.
    pub fn takes(&self, factors: &Factors, method: FactorMethod) -> bool {
        factors.has(method) || self.takes_mailed_code(factors, method)
    }

    /// Whether it takes a mailed code in place of the factor that the account does not have.
    pub fn takes_mailed_code(&self, factors: &Factors, method: FactorMethod) -> bool {
        matches!(self, Self::MailedSignIn(_)) && factors.is_empty() && method == FactorMethod::EmailCode
    }

    /// The text that the store keeps, such as `sign_in:…` or `session:…`.
    pub fn text(&self) -> String {
        match self {
            Self::SignIn(digest) => format!("sign_in:{digest}"),
            Self::MailedSignIn(digest) => format!("mailed_sign_in:{digest}"),
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
        assert_eq!(Bound::MailedSignIn("x").text(), "mailed_sign_in:x");
        assert_eq!(Bound::Session(&session).text(), "session:x");
    }

    #[test]
    fn a_mailed_code_stands_in_for_no_factor_that_there_is() {
        let (none, app) = (Factors::default(), Factors::from_names("totp"));
        let mailed = Bound::MailedSignIn("x");
        assert!(mailed.takes(&none, FactorMethod::EmailCode));
        assert!(!mailed.takes(&app, FactorMethod::EmailCode) && mailed.takes(&app, FactorMethod::Totp));
        assert!(!mailed.takes(&none, FactorMethod::RecoveryCode) && !mailed.takes(&none, FactorMethod::SmsCode));
        assert!(!Bound::SignIn("x").takes(&none, FactorMethod::EmailCode), "an ordinary sign-in never asks for it");
    }
}

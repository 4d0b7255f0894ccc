//! The kinds of second factors, strongest first.

use serde::{Deserialize, Serialize};

/// A kind of second factor. The text is a promise to programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorMethod {
    /// A passkey (WebAuthn Level 3), which no false page can use.
    Passkey,
    /// A code of an authenticator app (RFC 6238).
    Totp,
    /// A code by SMS. Restricted: numbers can be taken over (NIST SP 800-63B-4, 3.1.3.3).
    SmsCode,
    /// A code by mail. It proves the mailbox, which also opens the way to a new password.
    EmailCode,
    /// One of ten codes that were kept for the day that everything else is lost.
    RecoveryCode,
}

impl FactorMethod {
    /// Every kind, strongest first; recovery codes are the last resort.
    pub const ALL: [Self; 5] = [Self::Passkey, Self::Totp, Self::SmsCode, Self::EmailCode, Self::RecoveryCode];

    /// The kind as the store and programs name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::SmsCode => "sms_code",
            Self::EmailCode => "email_code",
            Self::RecoveryCode => "recovery_code",
        }
    }

    /// The kind of a name, in its exact spelling.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == name)
    }

    /// Whether it proves a second thing: a mailed code proves a mailbox only (NIST SP 800-63B-4, 3.1.3), and does not
    /// raise the level of a session.
    pub const fn is_strong(self) -> bool {
        !matches!(self, Self::EmailCode)
    }

    /// What it is called in `amr` (RFC 8176, 2). A passkey is `pop`, the possession of a key, wherever that rests.
    pub const fn amr(self) -> &'static str {
        match self {
            Self::Passkey => "pop",
            Self::SmsCode => "sms",
            Self::Totp | Self::EmailCode | Self::RecoveryCode => "otp",
        }
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    #[test]
    fn the_store_and_programs_see_one_name_for_each_kind() {
        for method in FactorMethod::ALL {
            assert_eq!(serde_json::to_value(method).unwrap(), method.as_str());
            assert_eq!(FactorMethod::parse(method.as_str()), Some(method));
        }
        for unknown in ["", "TOTP", "otp", "totp\0", "passkey "] {
            assert_eq!(FactorMethod::parse(unknown), None, "{unknown:?}");
        }
    }
}

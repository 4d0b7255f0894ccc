//! What is done at a sign-in, one step after the other. The sentences are in
//! `locales/page/what_just_happened.*.yml`.

use serde::{Deserialize, Serialize};

use crate::FactorMethod;
use crate::id::{SessionId, UserId};
use crate::token_text::Unsigned;

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// The request comes from our own page, or from a program.
    OriginAccepted(OriginProof),
    /// The body was read to its end.
    BodyRead {
        /// How many there were.
        bytes: usize,
    },
    /// The account of the address was asked for.
    AccountRead,
    /// The password was verified.
    PasswordVerified {
        /// How the stored hash is made, without salt and hash.
        cost: String,
    },
    /// The second factor is asked for: the sign-in waits, or the one that waited was found.
    SecondFactorAsked,
    /// The second factor was proved.
    SecondFactorProved {
        /// Its kind.
        method: FactorMethod,
    },
    /// A hash of today's cost was made.
    PasswordHashedAnew,
    /// The account is held: its password is the one that was verified.
    AccountHeld {
        /// Whether the device is new to the account.
        is_new_device: bool,
    },
    /// The session was written, with the digest of its first refresh token and the line of the audit log.
    SessionWritten {
        /// The session; not a secret.
        session: SessionId,
        /// Whose it is.
        user: UserId,
        /// Whether it lasts already, where the password is the one that was verified. Otherwise the account
        /// is held before, and [`Step::Committed`] follows.
        at_once: bool,
    },
    /// All of it lasts.
    Committed,
    /// An access token was signed.
    AccessTokenSigned {
        /// What it says.
        token: Option<Unsigned>,
    },
    /// The session that the browser had before was ended.
    PreviousSessionEnded,
}

/// What tells that a request comes from no other site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OriginProof {
    /// `Sec-Fetch-Site`, which no page can forge.
    FetchMetadata,
    /// `Origin`, from an older browser.
    Origin,
    /// Neither, and no cookie: a program.
    NoCookie,
}

impl Step {
    /// Every name of [`Step::as_str`], for documents and tests.
    pub const NAMES: [&'static str; 16] = [
        "origin_fetch_metadata",
        "origin_header",
        "origin_no_cookie",
        "body_read",
        "account_read",
        "password_verified",
        "second_factor_asked",
        "second_factor_proved",
        "password_hashed_anew",
        "account_held",
        "account_held_new_device",
        "session_written",
        "session_written_at_once",
        "committed",
        "access_token_signed",
        "previous_session_ended",
    ];

    /// The password was verified against this hash.
    pub fn password_verified(stored: Option<&str>) -> Self {
        let fields: Vec<&str> = stored.unwrap_or_default().split('$').collect();
        // `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`: salt and hash stay where they are.
        let cost = match fields[..] {
            ["", "argon2id", _, cost, _, _] => format!("Argon2id {cost}"),
            _ => "imported".to_owned(),
        };
        Self::PasswordVerified { cost }
    }

    /// An access token was signed.
    pub fn access_token_signed(token: &str) -> Self {
        Self::AccessTokenSigned { token: Unsigned::of(token) }
    }

    /// The name of the step.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::OriginAccepted(OriginProof::FetchMetadata) => "origin_fetch_metadata",
            Self::OriginAccepted(OriginProof::Origin) => "origin_header",
            Self::OriginAccepted(OriginProof::NoCookie) => "origin_no_cookie",
            Self::BodyRead { .. } => "body_read",
            Self::AccountRead => "account_read",
            Self::PasswordVerified { .. } => "password_verified",
            Self::SecondFactorAsked => "second_factor_asked",
            Self::SecondFactorProved { .. } => "second_factor_proved",
            Self::PasswordHashedAnew => "password_hashed_anew",
            Self::AccountHeld { is_new_device: false } => "account_held",
            Self::AccountHeld { is_new_device: true } => "account_held_new_device",
            Self::SessionWritten { at_once: false, .. } => "session_written",
            Self::SessionWritten { at_once: true, .. } => "session_written_at_once",
            Self::Committed => "committed",
            Self::AccessTokenSigned { .. } => "access_token_signed",
            Self::PreviousSessionEnded => "previous_session_ended",
        }
    }

    /// Whether the database did it.
    pub const fn is_in_database(&self) -> bool {
        matches!(
            self,
            Self::AccountRead
                | Self::SecondFactorAsked
                | Self::SecondFactorProved { .. }
                | Self::AccountHeld { .. }
                | Self::SessionWritten { .. }
                | Self::Committed
                | Self::PreviousSessionEnded
        )
    }

    /// What stands in the places of its sentence.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::BodyRead { bytes } => vec![("bytes", bytes.to_string())],
            Self::PasswordVerified { cost } => vec![("cost", cost.clone())],
            Self::SecondFactorProved { method } => vec![("method", method.as_str().to_owned())],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_stored_hash_only_its_kind_and_cost_are_told() {
        let cost = |stored| match Step::password_verified(stored) {
            Step::PasswordVerified { cost } => cost,
            other => panic!("{other:?}"),
        };
        let own = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRvZnNpeHRlZQ$eknhg4QoLeeQM2U3R0OKZkiRM0pR5Lf7J9bMDLkd3oI";
        assert_eq!(cost(Some(own)), "Argon2id m=19456,t=2,p=1");
        for other in
            ["$2b$04$RSj4iLKbeDjrv./gsEEyI.Ss5DZwE9yfieaDXjDCG4WyugZ5.qiOa", "5f4dcc3b5aa765d61d8327deb882cf99"]
        {
            assert_eq!(cost(Some(other)), "imported");
        }
        assert_eq!(cost(None), "imported");
    }
}

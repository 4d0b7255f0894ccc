//! What the store keeps instead of a token or code.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::DataKey;
use crate::VerificationCode;

/// What a token is for. It goes into the digest: a token of one purpose never matches another's.
#[derive(Clone, Copy)]
pub enum Purpose {
    /// The refresh cookie.
    RefreshToken,
    /// The link in a verification mail.
    VerificationLink,
    /// The browser's ticket for the waiting page.
    SignUpTicket,
    /// The link in a mail that leads to a new password.
    PasswordResetLink,
    /// The browser's ticket for the page that waits for the code of such a mail.
    PasswordResetTicket,
    /// The ticket of a risky act that waits for a fresh proof.
    WaitingAct,
    /// The mailed link that proves an account's new address.
    EmailChangeLink,
    /// The mailed link that takes the old address back.
    EmailChangeUndo,
    /// The link \"this was not me\" of a notice.
    NoticeLink,
    /// The mailed link that keeps an account from being deleted.
    KeepAccountLink,
    /// What a program shows instead of a session.
    PersonalAccessToken,
    /// The ticket of a sign-in that waits for its second factor.
    SecondFactorTicket,
    /// The cookie of a browser in which the second factor is not asked for.
    TrustedDevice,
    /// The stored hash that a password was verified against.
    PasswordHash,
    /// The ticket of a challenge for a passkey.
    PasskeyCeremony,
    /// The challenge that follows from the ticket: what is signed, and no secret.
    PasskeyChallenge,
    /// The mailed link that calls the recovery of an account off.
    AccountRecoveryCancel,
    /// The mailed link that completes it.
    AccountRecoveryLink,
    /// The cookie that binds ways to providers to a browser.
    FederationBrowser,
    /// The `state` of a way to a provider.
    FederationState,
    /// The ticket of somebody who came from a provider and is not let in yet.
    PendingConnection,
    /// The ticket of the page that asks before a native app gets its code.
    NativeArrival,
    /// What a native app redeems after the way through the browser.
    FederationCode,
    /// The link in the mail of an invitation into an organization.
    InvitationLink,
    /// The link that makes the first administrator.
    SetupLink,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::RefreshToken => b"refresh token",
            Self::VerificationLink => b"verification link",
            Self::SignUpTicket => b"sign-up ticket",
            Self::PasswordResetLink => b"password reset link",
            Self::PasswordResetTicket => b"password reset ticket",
            Self::WaitingAct => b"waiting act",
            Self::EmailChangeLink => b"email change link",
            Self::EmailChangeUndo => b"email change undo",
            Self::NoticeLink => b"notice link",
            Self::KeepAccountLink => b"keep account link",
            Self::PersonalAccessToken => b"personal access token",
            Self::SecondFactorTicket => b"second factor ticket",
            Self::TrustedDevice => b"trusted device",
            Self::PasswordHash => b"password hash",
            Self::PasskeyCeremony => b"passkey ceremony",
            Self::PasskeyChallenge => b"passkey challenge",
            Self::AccountRecoveryCancel => b"account recovery cancel",
            Self::AccountRecoveryLink => b"account recovery link",
            Self::FederationBrowser => b"federation browser",
            Self::FederationState => b"federation state",
            Self::PendingConnection => b"pending connection",
            Self::NativeArrival => b"native arrival",
            Self::FederationCode => b"federation code",
            Self::InvitationLink => b"invitation link",
            Self::SetupLink => b"setup link",
        }
    }
}

/// SHA-256 of a 256-bit token. Plain hashing is right here: there is nothing to guess
/// (OWASP Cryptographic Storage, ASVS 5.0, 11.4.1).
pub fn token_digest(purpose: Purpose, token: &SecretString) -> String {
    let mut hash = Sha256::new();
    hash.update(purpose.label());
    hash.update([0]);
    hash.update(token.expose_secret().as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// A keyed digest for short codes, which could be guessed from a plain hash.
pub struct CodeMac(DataKey);

impl CodeMac {
    /// Takes the key for codes.
    pub fn new(key: DataKey) -> Self {
        Self(key)
    }

    /// HMAC-SHA-256 of a text that could be guessed from a plain hash, such as an address.
    pub fn of_text(&self, text: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(mac(&self.0, &[text.as_bytes()]))
    }

    /// HMAC-SHA-256 of a code, bound to what it was made for.
    pub fn of(&self, bound_to: &str, code: &VerificationCode) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(mac(&self.0, &[bound_to.as_bytes(), code.digits().as_bytes()]))
    }
}

/// The chain of a refresh token family: each token determines the next one, under a key that nobody
/// reads from the database. So a token presented twice is answered with *the same* successor, also by
/// another node and after a restart, although only digests are stored.
pub struct Successor(DataKey);

impl Successor {
    /// Takes the key for successors.
    pub fn new(key: DataKey) -> Self {
        Self(key)
    }

    /// The one token that follows `token`.
    pub fn of(&self, token: &SecretString) -> SecretString {
        let bytes = mac(&self.0, &[token.expose_secret().as_bytes()]);
        SecretString::from(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }
}

pub(super) fn mac(key: &DataKey, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn digests_depend_on_purpose_binding_and_key() {
        let token = SecretString::from("t");
        let digests = [
            Purpose::RefreshToken,
            Purpose::VerificationLink,
            Purpose::SignUpTicket,
            Purpose::PasswordResetLink,
            Purpose::PasswordResetTicket,
            Purpose::WaitingAct,
            Purpose::EmailChangeLink,
            Purpose::EmailChangeUndo,
            Purpose::NoticeLink,
            Purpose::KeepAccountLink,
            Purpose::PersonalAccessToken,
            Purpose::SecondFactorTicket,
            Purpose::TrustedDevice,
            Purpose::PasswordHash,
            Purpose::PasskeyCeremony,
            Purpose::PasskeyChallenge,
            Purpose::AccountRecoveryCancel,
            Purpose::AccountRecoveryLink,
            Purpose::InvitationLink,
            Purpose::SetupLink,
        ]
        .map(|purpose| token_digest(purpose, &token));
        assert_eq!(HashSet::from(digests).len(), 20, "a token of one purpose is none of another");
        let code = VerificationCode::parse("123456").ok().unwrap();
        let one = CodeMac::new(DataKey::from_bytes([1; 32]));
        let two = CodeMac::new(DataKey::from_bytes([2; 32]));
        assert_ne!(one.of("a", &code), one.of("b", &code));
        assert_ne!(one.of("a", &code), two.of("a", &code));
    }

    #[test]
    fn a_token_has_one_successor() {
        let chain = Successor::new(DataKey::from_bytes([1; 32]));
        let first = SecretString::from("first");
        assert_eq!(chain.of(&first).expose_secret(), chain.of(&first).expose_secret());
        assert_eq!(chain.of(&first).expose_secret().len(), 43);
    }
}

//! Who somebody is, as a provider tells it.

use secrecy::SecretString;

use crate::{Email, ProviderId, Timestamp};

/// Somebody who was verified by a provider.
pub struct Identity {
    /// The provider.
    pub provider: ProviderId,
    /// Who said it: `iss`; of GitHub its site.
    pub issuer: String,
    /// Who it is there, 1 to 255 bytes: `sub`, or GitHub's number.
    pub subject: String,
    /// The address there.
    pub email: ProviderEmail,
    /// The name there, as it was told; it is nobody's word but the provider's.
    pub name: Option<String>,
    /// Whether the provider tells of a second factor and is trusted with it.
    pub proved_second_factor: bool,
    /// When they last proved themselves there, where the provider tells it: it may let in whoever has a session.
    pub proved_at: Option<Timestamp>,
    /// Its tokens, where they are kept.
    pub tokens: Option<ProviderTokens>,
}

/// The address as a provider tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderEmail {
    /// It says that the address is proved, and is trusted with that.
    Verified(Email),
    /// It does not say so, or is not trusted.
    Unverified(Email),
    /// It tells none that is one.
    Missing,
}

impl ProviderEmail {
    /// The address, proved or not.
    pub fn address(&self) -> Option<&Email> {
        match self {
            Self::Verified(email) | Self::Unverified(email) => Some(email),
            Self::Missing => None,
        }
    }
}

/// Tokens that a provider gave.
pub struct ProviderTokens {
    /// For its API.
    pub access: SecretString,
    /// For another one.
    pub refresh: Option<SecretString>,
    /// Seconds until the access token ends; none: it is not told.
    pub expires_in: Option<i64>,
    /// What they allow, separated by blanks.
    pub scope: String,
}

//! What a provider is called: in addresses, settings and the store.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The short name of a provider, such as `google`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProviderId(String);

const MAX_LENGTH: usize = 32;

impl ProviderId {
    /// Reads a name: a small letter, then small letters, digits and hyphens; 32 at most.
    pub fn parse(text: &str) -> Option<Self> {
        let is_good = text.len() <= MAX_LENGTH
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        is_good.then(|| Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ProviderId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("it is no name of a provider")
    }
}

impl From<ProviderId> for String {
    fn from(id: ProviderId) -> Self {
        id.0
    }
}

impl fmt::Display for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::ProviderId;

    #[test]
    fn a_name_fits_into_an_address() {
        for good in ["google", "gitlab-2", "a"] {
            assert_eq!(ProviderId::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "Google", "2fa", "-a", "a/b", "a b", "ä", &"a".repeat(33)] {
            assert!(ProviderId::parse(bad).is_none(), "{bad}");
        }
    }
}

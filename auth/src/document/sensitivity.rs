//! How much harm it would do if a document got into other hands.

use serde::{Deserialize, Serialize};

/// How sensitive a document is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Anybody might read it.
    Public,
    /// For everybody in the organization.
    #[default]
    Internal,
    /// For those it concerns.
    Confidential,
    /// For those it concerns, who prove themselves first.
    Secret,
}

impl Sensitivity {
    /// Every one, the least sensitive first.
    pub const ALL: [Self; 4] = [Self::Public, Self::Internal, Self::Confidential, Self::Secret];

    /// As the store, policies and programs name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Confidential => "confidential",
            Self::Secret => "secret",
        }
    }

    /// The one of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sensitivity| sensitivity.as_str() == name)
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    #[test]
    fn the_store_and_programs_see_one_name_for_each() {
        for sensitivity in Sensitivity::ALL {
            assert_eq!(serde_json::to_value(sensitivity).unwrap(), sensitivity.as_str());
            assert_eq!(Sensitivity::parse(sensitivity.as_str()), Some(sensitivity));
        }
        assert_eq!(Sensitivity::parse("Secret"), None);
    }
}

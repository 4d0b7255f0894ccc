//! Why a sign-in looked unusual.

use serde::{Deserialize, Serialize};

/// A reason. The text is a promise to programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnomalyReason {
    /// Nobody travels that fast from where the account was used last.
    ImpossibleTravel,
    /// The account has not seen the device in the last 90 days.
    NewDevice,
    /// Many accounts came from the client for the first time within an hour.
    ManyAccounts,
    /// A refresh token was used again after its time: two parties had it.
    TokenReuse,
}

impl AnomalyReason {
    /// Every one, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::ImpossibleTravel, Self::NewDevice, Self::ManyAccounts, Self::TokenReuse];

    /// As programs name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ImpossibleTravel => "impossible_travel",
            Self::NewDevice => "new_device",
            Self::ManyAccounts => "many_accounts",
            Self::TokenReuse => "token_reuse",
        }
    }

    /// The reason of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}

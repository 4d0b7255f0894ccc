//! How an account stands, as its administrators see it.

use serde::{Deserialize, Serialize};

/// The state of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Its person may sign in.
    #[default]
    Active,
    /// An administrator closed it for a while: nobody gets in.
    Suspended,
    /// Its person asked for its end, and may keep it until then.
    Deleting,
}

impl AccountState {
    /// Every state, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Active, Self::Suspended, Self::Deleting];

    /// The state as the store and programs name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deleting => "deleting",
        }
    }

    /// The state of a name, in its exact spelling.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    #[test]
    fn the_store_and_programs_see_one_name_for_each_state() {
        for state in AccountState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
            assert_eq!(AccountState::parse(state.as_str()), Some(state));
        }
        assert_eq!(AccountState::parse("Active"), None);
    }
}

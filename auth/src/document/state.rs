//! Where a document stands: it is drafted, published, archived, and drafted anew.

use serde::{Deserialize, Serialize};

/// The state of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// It is being written.
    #[default]
    Draft,
    /// It is there to be read.
    Published,
    /// It is kept, and changes no more.
    Archived,
}

impl DocumentState {
    /// Every one, in the order they follow each other.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Published, Self::Archived];

    /// As the store, policies and programs name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Archived => "archived",
        }
    }

    /// The one of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// The one state that follows; there is no other way.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Draft => Self::Published,
            Self::Published => Self::Archived,
            Self::Archived => Self::Draft,
        }
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    #[test]
    fn the_store_and_programs_see_one_name_for_each() {
        for state in DocumentState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
            assert_eq!(DocumentState::parse(state.as_str()), Some(state));
            assert_eq!(state.next().next().next(), state, "it comes back");
            assert_ne!(state.next(), state);
        }
        assert_eq!(DocumentState::parse("deleted"), None);
    }
}

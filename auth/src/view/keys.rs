//! The keys that sign access tokens, as operators see them.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A key, without anything that signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyView {
    /// Its name: the `kid` of tokens and of the public keys.
    pub id: String,
    /// The one algorithm it is for, such as `EdDSA`.
    pub algorithm: String,
    /// What it is for at the moment.
    pub state: KeyState,
    /// When it was made and published.
    pub created_at: Timestamp,
    /// When it begins to sign, or began.
    pub signs_from: Timestamp,
    /// When the last token it signed has ended; none as long as no other key follows, and of a revoked one.
    pub verifies_until: Option<Timestamp>,
    /// Since when it is refused, if it leaked.
    pub revoked_at: Option<Timestamp>,
}

/// What a key is for at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Published, so that everybody knows it when its time comes.
    Next,
    /// Signs every new token.
    Signing,
    /// Signs no more; what it signed goes on to its end.
    Verifying,
    /// Over: everything it signed has ended.
    Retired,
    /// Leaked: whatever it signed is refused.
    Revoked,
}

impl KeyState {
    /// The state as programs see it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Signing => "signing",
            Self::Verifying => "verifying",
            Self::Retired => "retired",
            Self::Revoked => "revoked",
        }
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    #[test]
    fn programs_see_one_name_for_each_state() {
        for state in [KeyState::Next, KeyState::Signing, KeyState::Verifying, KeyState::Retired, KeyState::Revoked] {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }
}

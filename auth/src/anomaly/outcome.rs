//! What became of a sign-in that looked unusual.

use serde::{Deserialize, Serialize};

/// What became of it. The text is a promise to programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnomalyOutcome {
    /// It was let in, and nothing more was asked for.
    LetIn,
    /// A second factor or a mailed code was asked for, and not given so far.
    Asked,
    /// It was given.
    Proved,
    /// The session was ended.
    Ended,
}

impl AnomalyOutcome {
    const ALL: [Self; 4] = [Self::LetIn, Self::Asked, Self::Proved, Self::Ended];

    /// As the store and programs name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LetIn => "let_in",
            Self::Asked => "asked",
            Self::Proved => "proved",
            Self::Ended => "ended",
        }
    }

    /// The outcome of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == name)
    }
}

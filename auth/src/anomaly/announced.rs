//! What the owner of an account heard of a sign-in that waits for its second half.

/// By which mail, if by any: so that nobody gets two for one sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announced {
    /// By none.
    No,
    /// By a notice.
    Told,
    /// By a code that is asked for in place of a factor: the account has none.
    Mailed,
}

impl Announced {
    /// As the store keeps it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::No => "",
            Self::Told => "told",
            Self::Mailed => "mailed",
        }
    }

    /// What the store kept.
    pub fn of(text: &str) -> Self {
        [Self::Told, Self::Mailed].into_iter().find(|one| one.as_str() == text).unwrap_or(Self::No)
    }
}

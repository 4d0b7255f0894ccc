//! The personal access tokens of a person, without their secrets.

use serde::{Deserialize, Serialize};

use crate::id::TokenId;
use crate::{Scopes, Timestamp, TokenName};

/// A personal access token in its owner's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenItem {
    /// Its id; not the secret.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: TokenName,
    /// What it allows.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; none: never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to within a minute; none: never.
    pub last_used_at: Option<Timestamp>,
    /// The client's address at that use.
    pub last_used_address: Option<String>,
}

/// Seconds before its end at which a token ends soon.
const SOON: i64 = 3 * 24 * 60 * 60;

/// How far away the end of a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenEnd {
    /// It was chosen not to come.
    Never,
    /// More than three days away.
    Later,
    /// Within three days.
    Soon,
    /// The token works no longer.
    Over,
}

impl TokenItem {
    /// How far away its end is.
    pub fn end(&self, now: Timestamp) -> TokenEnd {
        match self.expires_at {
            None => TokenEnd::Never,
            Some(at) if at <= now => TokenEnd::Over,
            Some(at) if at <= now.plus_seconds(SOON) => TokenEnd::Soon,
            Some(_) => TokenEnd::Later,
        }
    }
}

/// A personal access token as it is handed out with everything that is known of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRecord {
    /// As in the list.
    pub token: TokenItem,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_near_three_days_before_it_comes() {
        let now = Timestamp(1_800_000_000_000);
        let mut token = TokenItem {
            id: TokenId(String::new()),
            name: TokenName::from(String::new()),
            scopes: Scopes::from_text("profile:read"),
            created_at: now,
            expires_at: None,
            last_used_at: None,
            last_used_address: None,
        };
        assert_eq!(token.end(now), TokenEnd::Never);
        for (seconds, end) in [
            (-1, TokenEnd::Over),
            (0, TokenEnd::Over),
            (1, TokenEnd::Soon),
            (SOON, TokenEnd::Soon),
            (SOON + 1, TokenEnd::Later),
        ] {
            token.expires_at = Some(now.plus_seconds(seconds));
            assert_eq!(token.end(now), end, "{seconds}");
        }
    }
}

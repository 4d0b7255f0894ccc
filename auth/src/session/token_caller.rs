//! Who is calling with a personal access token (RFC 6750, 2.1). It is a secret that does not change, and so
//! never a session (ASVS 5.0, 7.2.2): it is no [`crate::session::Caller`].

use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::factor::Demand;
use crate::id::{TokenId, UserId};
use crate::token::PersonalToken;
use crate::{Auth, ErrorCode, Result, Scopes, Timestamp, TokenName};

/// Seconds between two notes of the uses of one token.
const NOTE_SECONDS: i64 = 60;
/// Most tokens whose last note is remembered.
const MOST_NOTED: usize = 10_000;

/// A request that brought a good personal access token.
#[derive(Clone)]
pub struct TokenCaller {
    /// Whose account it is for.
    pub user_id: UserId,
    /// The token; not the secret.
    pub token_id: TokenId,
    /// What its owner calls it.
    pub name: TokenName,
    /// What it allows.
    pub scopes: Scopes,
    /// Whether its account owes a second factor: then its programs may read and nothing else.
    pub is_limited: bool,
}

impl TokenCaller {
    /// What stands in the activity in the place of a device, such as `Token “Backup”`.
    pub fn device(&self) -> String {
        format!("Token “{}”", self.name)
    }
}

/// When the uses of tokens were noted by this node: so a thousand requests of one program at once bring
/// one write and not a thousand that queue for it.
#[derive(Default)]
pub struct TokenUses(Mutex<HashMap<TokenId, Timestamp>>);

impl TokenUses {
    /// Whether a use is to be noted; if so, the next one a minute later.
    fn is_due(&self, id: &TokenId, now: Timestamp) -> bool {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.get(id).is_some_and(|at| *at > now.minus_seconds(NOTE_SECONDS)) {
            return false;
        }
        // Forgotten, a note is tried once more, and the database knows better.
        if noted.len() >= MOST_NOTED {
            noted.clear();
        }
        noted.insert(id.clone(), now);
        true
    }
}

impl Auth {
    /// The caller behind a personal access token. Reads the database once, unless the token cannot be
    /// one; the use is noted at most once a minute, and the request does not wait for that.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidToken`], whatever is wrong with it.
    pub async fn caller_of_personal_token(&self, token: &SecretString, address: &str) -> Result<TokenCaller> {
        let token = PersonalToken::parse(token).ok_or(ErrorCode::InvalidToken)?;
        let now = self.now();
        let found = self.store.live_token(&token.digest(), now).await?.ok_or(ErrorCode::InvalidToken)?;
        let since = now.minus_seconds(NOTE_SECONDS);
        if found.last_used_at.is_none_or(|at| at <= since) && self.token_uses.is_due(&found.id, now) {
            let (store, id, address) = (self.store.clone(), found.id.clone(), address.to_owned());
            tokio::spawn(async move {
                if let Err(error) = store.note_token_use(&id, now, since, &address).await {
                    tracing::warn!(%error, "the use of a personal access token was not noted");
                }
            });
        }
        let demand = Demand {
            role: found.role,
            required_from: found.factor_required_from,
            organization_from: found.organization_factor_from,
        };
        let standing = self.factor_policy.standing(demand, &found.factors, now);
        Ok(TokenCaller {
            user_id: found.user_id,
            token_id: found.id,
            name: found.name,
            scopes: found.scopes,
            is_limited: standing.is_overdue(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_is_noted_once_a_minute_and_what_is_remembered_stays_small() {
        let (uses, start) = (TokenUses::default(), Timestamp(1_800_000_000_000));
        let id = |number: usize| TokenId(number.to_string());
        assert!(uses.is_due(&id(0), start));
        assert!(uses.is_due(&id(1), start), "each token by itself");
        assert!(!uses.is_due(&id(0), start.plus_seconds(59)));
        assert!(uses.is_due(&id(0), start.plus_seconds(60)));
        for number in 0..3 * MOST_NOTED {
            uses.is_due(&id(number), start.plus_seconds(120));
            assert!(uses.0.lock().unwrap().len() <= MOST_NOTED);
        }
    }
}

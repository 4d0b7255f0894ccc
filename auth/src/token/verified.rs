//! Access tokens that were verified a moment ago. A program sends the same token with every request, and to
//! verify its signature costs more than all the rest of the request.
//!
//! Kept is what a request asks of the token, under the SHA-256 of its whole text: two texts never share an
//! entry, and nothing in this memory can be used as a token. An entry counts while the keys are the same and
//! the token lives. Whether it was revoked is asked each time, elsewhere. A refused token is never kept.
//!
//! At most 16,384 entries of about 300 bytes: 5 MB.

use sha2::{Digest, Sha256};
use std::sync::Arc;

use super::Claims;
use crate::cache::Cache;
use crate::id::{SessionId, UserId};
use crate::session::{Caller, Impersonation};
use crate::{ErrorCode, Timestamp};

const MOST: usize = 16 * 1024;
/// What is longer is no token of ours: the verifier says so, and no time is spent on its digest.
const LONGEST: usize = 8 * 1024;

/// What a verified token says, as far as a request asks.
pub(crate) struct Verified {
    /// Whose it is.
    pub(crate) caller: Caller,
    /// How often the rights of the user had changed.
    pub(crate) version: i64,
    /// When it was issued, in seconds since 1970.
    pub(crate) issued_at: i64,
    /// When it ends, likewise.
    pub(crate) ends_at: i64,
    /// The session of whoever acts in another's place: with it this token is over.
    pub(crate) own_session: Option<SessionId>,
}

impl From<Claims> for Verified {
    fn from(claims: Claims) -> Self {
        let writes = !claims.read_only;
        let (impersonation, own_session) =
            claims.act.map(|act| (Impersonation { impersonator: UserId(act.sub), writes }, SessionId(act.sid))).unzip();
        Self {
            caller: Caller {
                user_id: UserId(claims.sub),
                session_id: SessionId(claims.sid),
                is_limited: claims.roles.is_empty(),
                impersonation,
            },
            version: claims.ver,
            issued_at: claims.iat,
            ends_at: claims.exp,
            own_session,
        }
    }
}

/// The memory.
pub(crate) struct VerifiedTokens(Cache<[u8; 32], Entry>);

#[derive(Clone)]
struct Entry {
    /// Of the keys it was verified with.
    generation: u64,
    says: Arc<Verified>,
}

impl Default for VerifiedTokens {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

impl VerifiedTokens {
    /// What a token says: from memory, or from `verify`, which judges it. `generation` is that of the keys
    /// known before `verify` asks for them.
    ///
    /// # Errors
    /// Those of `verify`.
    pub(crate) fn read(
        &self,
        token: &str,
        generation: u64,
        now: Timestamp,
        verify: impl FnOnce() -> Result<Verified, ErrorCode>,
    ) -> Result<Arc<Verified>, ErrorCode> {
        if token.len() > LONGEST {
            return verify().map(Arc::new);
        }
        let digest: [u8; 32] = Sha256::digest(token).into();
        if let Some(entry) = self.0.get(&digest)
            && entry.generation == generation
            && entry.says.ends_at > now.seconds()
        {
            return Ok(entry.says);
        }
        let says = Arc::new(verify()?);
        self.0.put(digest, Entry { generation, says: Arc::clone(&says) });
        Ok(says)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    struct World {
        tokens: VerifiedTokens,
        verified: Cell<u32>,
    }

    impl World {
        fn new() -> Self {
            Self { tokens: VerifiedTokens::default(), verified: Cell::new(0) }
        }

        /// Reads a token that ends in 300 seconds; gives how often one was verified so far.
        fn read(&self, token: &str, generation: u64, now: Timestamp) -> u32 {
            let read = self.tokens.read(token, generation, now, || {
                self.verified.set(self.verified.get() + 1);
                let (user_id, session_id) = (UserId("user".into()), SessionId(token.into()));
                let caller = Caller { user_id, session_id, is_limited: false, impersonation: None };
                let (issued_at, ends_at) = (NOW.seconds(), NOW.seconds() + 300);
                Ok(Verified { caller, version: 0, issued_at, ends_at, own_session: None })
            });
            assert_eq!(read.ok().unwrap().caller.session_id.as_str(), token, "each says what it says");
            self.verified.get()
        }
    }

    #[test]
    fn a_token_is_verified_once_and_another_one_by_itself() {
        let world = World::new();
        assert_eq!(
            [1, 1, 2, 2, 2],
            [
                world.read("a", 1, NOW),
                world.read("a", 1, NOW),
                world.read("b", 1, NOW),
                world.read("a", 1, NOW),
                world.read("b", 1, NOW),
            ]
        );
    }

    #[test]
    fn other_keys_make_what_is_kept_worthless() {
        let world = World::new();
        assert_eq!(world.read("a", 1, NOW), 1);
        assert_eq!(world.read("a", 2, NOW), 2);
        assert_eq!(world.read("a", 2, NOW), 2);
    }

    #[test]
    fn an_ended_token_is_judged_by_the_verifier_again() {
        let world = World::new();
        assert_eq!(world.read("a", 1, NOW), 1);
        assert_eq!(world.read("a", 1, NOW.plus_seconds(299)), 1);
        assert_eq!(world.read("a", 1, NOW.plus_seconds(300)), 2);
        assert_eq!(world.read("a", 1, NOW.plus_seconds(300)), 3, "and is not kept past its end");
    }

    #[test]
    fn a_refused_token_is_never_kept() {
        let tokens = VerifiedTokens::default();
        let asked = Cell::new(0);
        for _ in 0..3 {
            let refused = tokens.read("a", 1, NOW, || {
                asked.set(asked.get() + 1);
                Err(ErrorCode::InvalidToken)
            });
            assert_eq!(refused.err(), Some(ErrorCode::InvalidToken));
        }
        assert_eq!(asked.get(), 3);
    }

    #[test]
    fn what_is_too_long_is_not_kept() {
        let world = World::new();
        let long = "a".repeat(LONGEST + 1);
        assert_eq!(world.read(&long, 1, NOW), 1);
        assert_eq!(world.read(&long, 1, NOW), 2);
    }
}

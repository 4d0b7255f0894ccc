//! A key as one node knows it at a time: when its turn comes, and when it is over.

use std::sync::Arc;

use super::SigningKey;
use crate::Timestamp;
use crate::store::KeyRow;
use crate::view::{KeyState, KeyView};

/// Seconds from the commit of a key until every node knows it: nodes look twice a second.
pub(crate) const SPREAD_SECONDS: i64 = 2;

/// A key as this node knows it.
pub(super) struct KnownKey {
    pub(super) row: KeyRow,
    /// None when it is over, or its private half is erased.
    pub(super) key: Option<Arc<SigningKey>>,
    /// When this node met it; none of those that were there when it started.
    pub(super) met_at: Option<Timestamp>,
    /// When its last token has ended; none as long as no other key follows.
    pub(super) verifies_until: Option<Timestamp>,
}

impl KnownKey {
    /// Whether it verifies: not revoked, and not over.
    pub(super) fn is_alive(&self, now: Timestamp) -> bool {
        self.row.revoked_at.is_none() && self.verifies_until.is_none_or(|until| now < until)
    }

    pub(super) fn may_sign(&self, now: Timestamp) -> bool {
        self.key.is_some() && self.is_alive(now)
    }

    /// Whether its time has come. One that was made to sign at once does so wherever it is known; any other
    /// waits for its time, and until the other nodes know it too, should this one's clock be ahead.
    pub(super) fn has_begun(&self, now: Timestamp) -> bool {
        let is_known_to_all = || self.met_at.is_none_or(|at| at.plus_seconds(SPREAD_SECONDS) <= now);
        self.row.signs_from <= self.row.created_at || (self.row.signs_from <= now && is_known_to_all())
    }

    /// Whether it signs some day, or did: a key that was revoked before its time takes nobody's place.
    pub(super) fn counts(&self) -> bool {
        self.row.revoked_at.is_none_or(|at| self.row.signs_from < at)
    }

    /// Its state, where the key with the number `signing` signs. One that waits behind it never will.
    fn state(&self, signing: Option<i64>, now: Timestamp) -> KeyState {
        if self.row.revoked_at.is_some() {
            KeyState::Revoked
        } else if !self.is_alive(now) {
            KeyState::Retired
        } else if signing == Some(self.row.sequence) {
            KeyState::Signing
        } else if self.has_begun(now) || signing > Some(self.row.sequence) {
            KeyState::Verifying
        } else {
            KeyState::Next
        }
    }

    pub(super) fn view(&self, signing: Option<i64>, now: Timestamp) -> KeyView {
        KeyView {
            id: self.row.id.clone(),
            algorithm: self.row.algorithm.as_str().to_owned(),
            state: self.state(signing, now),
            created_at: self.row.created_at,
            signs_from: self.row.signs_from,
            verifies_until: self.verifies_until.filter(|_| self.row.revoked_at.is_none()),
            revoked_at: self.row.revoked_at,
        }
    }
}

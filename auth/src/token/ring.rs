//! All keys of one moment, and what each of them is for at a time.
//!
//! A key is published, then signs, then verifies what it signed, and is over. Two rules make a rotation
//! that nobody notices: no node signs with a key before every node and every copy of the public keys
//! knows it, and a key verifies until the last token it signed has ended. What is revoked is refused at
//! once. Everything follows from the rows: nodes need not agree on more than those.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::known_key::KnownKey;
use super::{Algorithm, SigningKey};
use crate::Timestamp;
use crate::store::KeyRow;
use crate::view::KeyView;

/// Seconds that a key verifies after the last token it should have signed: the leeway of the verifier, and
/// as much again for the clocks of nodes, which may differ.
const PATIENCE_SECONDS: i64 = 30 + 30;

/// An immutable picture of all keys.
pub struct KeyRing {
    /// Oldest first.
    keys: Vec<KnownKey>,
    places: HashMap<String, usize>,
    generation: u64,
}

impl KeyRing {
    /// A ring without keys, which nothing can be signed with.
    pub(super) fn empty() -> Self {
        Self { keys: Vec::new(), places: HashMap::new(), generation: 0 }
    }

    /// The picture that these rows give, oldest first. What `before` knew is not opened again; what is new
    /// was met at `met_at`, and waits for [`KeyRing::put`]. Keys that are over are left behind.
    pub(super) fn after(
        before: &Self,
        rows: Vec<KeyRow>,
        met_at: Option<Timestamp>,
        access_lifetime: i64,
        now: Timestamp,
    ) -> Self {
        let known = |row: KeyRow| {
            let old = before.get(&row.id);
            let key = old.and_then(|old| old.key.clone());
            KnownKey { key, met_at: old.map_or(met_at, |old| old.met_at), verifies_until: None, row }
        };
        let mut keys: Vec<KnownKey> = rows.into_iter().map(known).collect();
        // The first moment at which a later key signs, seen from the newest one back.
        let mut follower: Option<Timestamp> = None;
        for key in keys.iter_mut().rev() {
            key.verifies_until = follower.map(|at| at.plus_seconds(access_lifetime + PATIENCE_SECONDS));
            if key.counts() {
                follower = Some(follower.map_or(key.row.signs_from, |at| at.min(key.row.signs_from)));
            }
            if !key.is_alive(now) {
                key.key = None;
            }
        }
        let places = keys.iter().enumerate().map(|(place, key)| (key.row.id.clone(), place)).collect();
        Self { keys, places, generation: before.generation }
    }

    /// Whether the store, or the time, asks for another picture.
    pub(super) fn is_outdated(&self, rows: &[KeyRow], now: Timestamp) -> bool {
        let is_over = |key: &KnownKey| key.key.is_some() && !key.is_alive(now);
        !self.keys.iter().map(|key| &key.row).eq(rows) || self.keys.iter().any(is_over)
    }

    /// Keys that verify and are still to be opened.
    pub(super) fn unopened(&self, now: Timestamp) -> Vec<KeyRow> {
        self.keys.iter().filter(|key| key.key.is_none() && key.is_alive(now)).map(|key| key.row.clone()).collect()
    }

    /// Puts an opened key in its place.
    pub(super) fn put(&mut self, key: SigningKey) {
        if let Some(place) = self.places.get(&key.id) {
            self.keys[*place].key = Some(Arc::new(key));
        }
    }

    pub(super) fn with_generation(self, generation: u64) -> Self {
        Self { generation, ..self }
    }

    fn get(&self, id: &str) -> Option<&KnownKey> {
        self.places.get(id).map(|place| &self.keys[*place])
    }

    /// The key to sign with: the newest whose time has come.
    pub(super) fn signing(&self, now: Timestamp) -> Option<&SigningKey> {
        self.signing_one(now)?.key.as_deref()
    }

    fn signing_one(&self, now: Timestamp) -> Option<&KnownKey> {
        let mut newest_first = self.keys.iter().rev().filter(|key| key.may_sign(now));
        newest_first
            .find(|key| key.has_begun(now))
            // Only when this node's clock is far behind: a key that is too early is better than none.
            .or_else(|| self.keys.iter().find(|key| key.may_sign(now)))
    }

    /// Since when that key signs.
    pub(super) fn signs_since(&self, now: Timestamp) -> Option<Timestamp> {
        self.signing_one(now).map(|key| key.row.signs_from)
    }

    /// The key with this name, if it verifies now: not revoked, and not over.
    pub(super) fn verifying(&self, kid: &str, now: Timestamp) -> Option<&SigningKey> {
        self.get(kid).filter(|key| key.is_alive(now))?.key.as_deref()
    }

    /// The public halves of all keys that sign, will sign, or still verify, as a JWK set (RFC 7517, 5).
    /// Shared secrets have none.
    pub fn jwks(&self, now: Timestamp) -> Value {
        let alive = self.keys.iter().filter(|key| key.is_alive(now));
        let public: Vec<Value> = alive.filter_map(|key| key.key.as_ref()?.jwk()).collect();
        json!({ "keys": public })
    }

    /// Another number whenever the keys changed.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Every key with its state, the newest first.
    pub(crate) fn views(&self, now: Timestamp) -> Vec<KeyView> {
        let signing = self.signing_one(now).map(|key| key.row.sequence);
        self.keys.iter().rev().map(|key| key.view(signing, now)).collect()
    }

    /// Every key as it is stored, oldest first.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &KeyRow> {
        self.keys.iter().map(|key| &key.row)
    }

    /// The number of the next key.
    pub(crate) fn next_sequence(&self) -> i64 {
        self.keys.last().map_or(1, |newest| newest.row.sequence + 1)
    }

    /// The shared secrets that are open.
    pub(super) fn shared_secrets(&self) -> impl Iterator<Item = &[u8]> {
        let opened = self.keys.iter().filter_map(|key| key.key.as_deref());
        opened.filter(|key| key.algorithm == Algorithm::Hs256).map(|key| key.signs.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::KeyState::{self, Next, Retired, Revoked, Signing, Verifying};

    const LIFETIME: i64 = 300;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1000)
    }

    fn row(sequence: i64, created: i64, signs: i64) -> KeyRow {
        KeyRow {
            id: format!("k{sequence}"),
            sequence,
            algorithm: Algorithm::Hs256,
            created_at: at(created),
            signs_from: at(signs),
            revoked_at: None,
        }
    }

    fn revoked(row: KeyRow, moment: i64) -> KeyRow {
        KeyRow { revoked_at: Some(at(moment)), ..row }
    }

    fn learned(before: &KeyRing, rows: Vec<KeyRow>, met: Option<i64>, now: i64) -> KeyRing {
        let mut ring = KeyRing::after(before, rows, met.map(at), LIFETIME, at(now));
        for row in ring.unopened(at(now)) {
            ring.put(SigningKey::shared(row.id.clone(), row.id.as_bytes()));
        }
        ring
    }

    fn ring(rows: Vec<KeyRow>) -> KeyRing {
        learned(&KeyRing::empty(), rows, None, 0)
    }

    fn signs(ring: &KeyRing, moment: i64) -> &str {
        ring.signing(at(moment)).map_or("nothing", |key| key.id.as_str())
    }

    fn states(ring: &KeyRing, moment: i64) -> Vec<KeyState> {
        ring.views(at(moment)).iter().map(|key| key.state).collect()
    }

    #[test]
    fn a_key_waits_signs_verifies_and_is_over() {
        let ring = ring(vec![row(1, 0, 0), row(2, 1000, 1600), row(3, 9000, 9600)]);
        for (moment, signing, expected) in [
            (0, "k1", [Next, Next, Signing]),
            (1599, "k1", [Next, Next, Signing]),
            (1600, "k2", [Next, Signing, Verifying]),
            (1600 + LIFETIME + 59, "k2", [Next, Signing, Verifying]),
            (1600 + LIFETIME + 60, "k2", [Next, Signing, Retired]),
            (9600, "k3", [Signing, Verifying, Retired]),
            (99_999, "k3", [Signing, Retired, Retired]),
        ] {
            assert_eq!((signs(&ring, moment), states(&ring, moment)), (signing, expected.to_vec()), "at {moment}");
            for (name, state) in ["k3", "k2", "k1"].into_iter().zip(expected) {
                assert_eq!(ring.verifying(name, at(moment)).is_some(), state != Retired, "{name} at {moment}");
            }
        }
        assert!(ring.verifying("k4", at(0)).is_none());
        assert_eq!(ring.views(at(0))[2].verifies_until, Some(at(1600 + LIFETIME + 60)));
    }

    #[test]
    fn a_node_whose_clock_is_ahead_waits_until_the_others_know_the_key() {
        let first = ring(vec![row(1, 0, 0)]);
        // Committed at 1000 of the true time, to sign two seconds later; here it is 1030.
        let ahead = learned(&first, vec![row(1, 0, 0), row(2, 1000, 1002)], Some(1030), 1030);
        assert_eq!((signs(&ahead, 1031), states(&ahead, 1031)), ("k1", vec![Next, Signing]));
        assert_eq!(signs(&ahead, 1032), "k2");
        assert!(ahead.verifying("k2", at(1030)).is_some(), "what others sign with it is accepted");
    }

    #[test]
    fn a_key_that_was_made_to_sign_at_once_does_so_whatever_the_clock_says() {
        let leaked = vec![revoked(row(1, 0, 0), 1000), row(2, 1000, 1000)];
        let behind = learned(&ring(vec![row(1, 0, 0)]), leaked, Some(980), 980);
        assert_eq!((signs(&behind, 980), states(&behind, 980)), ("k2", vec![Signing, Revoked]));
        assert!(behind.verifying("k1", at(980)).is_none());
    }

    #[test]
    fn a_key_revoked_before_its_time_takes_nobodys_place() {
        let ring = ring(vec![row(1, 0, 0), revoked(row(2, 1000, 1600), 1200)]);
        assert_eq!((signs(&ring, 1200), states(&ring, 99_999)), ("k1", vec![Revoked, Signing]));
    }

    #[test]
    fn a_revoked_key_that_signed_does_not_bring_the_one_before_it_back() {
        let ring = ring(vec![row(1, 0, 0), revoked(row(2, 1000, 1600), 9000), row(3, 9000, 9000)]);
        assert_eq!(states(&ring, 9000), [Signing, Revoked, Retired]);
    }

    #[test]
    fn a_clock_far_behind_signs_with_a_key_that_is_too_early() {
        let ring = ring(vec![revoked(row(1, 0, 0), 10), row(2, 1000, 1600), row(3, 2000, 2600)]);
        assert_eq!(signs(&ring, 500), "k2");
        assert_eq!(signs(&KeyRing::empty(), 500), "nothing");
    }

    #[test]
    fn a_key_is_opened_once_and_left_behind_when_it_is_over() {
        let rows = vec![row(1, 0, 0), row(2, 1000, 1600)];
        let first = ring(vec![row(1, 0, 0)]);
        let second = KeyRing::after(&first, rows.clone(), Some(at(1000)), LIFETIME, at(1000));
        let unopened: Vec<String> = second.unopened(at(1000)).into_iter().map(|row| row.id).collect();
        assert_eq!(unopened, ["k2"]);
        assert!(first.is_outdated(&rows, at(1000)));
        assert!(!second.is_outdated(&rows, at(1000)));
        let over = 1600 + LIFETIME + 60;
        assert!(second.is_outdated(&rows, at(over)), "a key that is over is still held");
        let third = learned(&second, rows.clone(), Some(over), over);
        assert!(!third.is_outdated(&rows, at(over)));
    }

    #[test]
    fn a_shared_secret_is_never_shown() {
        let mut ring = KeyRing::after(&KeyRing::empty(), vec![row(1, 0, 0)], None, LIFETIME, at(0));
        ring.put(SigningKey::shared("k1".to_owned(), b"one secret"));
        assert_eq!(ring.shared_secrets().collect::<Vec<_>>(), [b"one secret"]);
        assert_eq!(ring.jwks(at(0)), json!({"keys": []}));
    }
}

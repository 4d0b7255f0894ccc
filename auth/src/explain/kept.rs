//! Who may see an exchange, and the last ones in memory.
//!
//! In development everybody sees their own. Elsewhere administrators who switched it on do: the list of
//! them is asked for by a sign-in, at most every ten seconds, so other nodes learn of a switch within
//! that time, and while nobody wants it a sign-in pays nothing.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use super::{Exchange, Recording};
use crate::id::{SessionId, UserId};
use crate::{Auth, Timestamp};

/// Exchanges that are kept.
const MOST: usize = 100;
/// How long, in seconds.
const LIFE: i64 = 10 * 60;
/// Milliseconds for which the list of administrators is believed.
const BELIEVED: i64 = 10_000;

/// The last exchanges, and whose are kept.
#[derive(Default)]
pub struct Exchanges {
    for_everybody: AtomicBool,
    administrators: RwLock<HashSet<UserId>>,
    /// When the administrators were asked for; 0: never.
    asked_at: AtomicI64,
    kept: Mutex<VecDeque<Kept>>,
}

struct Kept {
    session: SessionId,
    user: UserId,
    exchange: Exchange,
}

impl Exchanges {
    /// The switch of a person was turned: the list is no longer believed, and what was kept is forgotten.
    pub(crate) fn forget(&self, user: &UserId) {
        self.asked_at.store(0, Ordering::Relaxed);
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).retain(|kept| kept.user != *user);
    }

    /// The exchange that made a session, while it is remembered.
    pub(crate) fn of(&self, session: &SessionId, now: Timestamp) -> Option<Exchange> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|kept| kept.session == *session && kept.lives(now)).map(|kept| kept.exchange.clone())
    }

    fn keep(&self, one: Kept, now: Timestamp) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| kept.lives(now));
        if kept.len() >= MOST {
            kept.pop_front();
        }
        kept.push_back(one);
    }

    fn is_wanted_by(&self, user: &UserId) -> bool {
        self.for_everybody.load(Ordering::Relaxed)
            || self.administrators.read().unwrap_or_else(PoisonError::into_inner).contains(user)
    }
}

impl Kept {
    fn lives(&self, now: Timestamp) -> bool {
        self.exchange.at.plus_seconds(LIFE) > now
    }
}

impl Auth {
    /// Explains their sign-in to everybody: for development.
    pub fn explain_to_everybody(&self) {
        self.exchanges.for_everybody.store(true, Ordering::Relaxed);
    }

    /// Whether everybody may see their own sign-in explained.
    pub fn explains_to_everybody(&self) -> bool {
        self.exchanges.for_everybody.load(Ordering::Relaxed)
    }

    /// Whether somebody may want to see the sign-in that begins now.
    pub async fn may_explain(&self) -> bool {
        let exchanges = &self.exchanges;
        if self.explains_to_everybody() {
            return true;
        }
        let (now, asked_at) = (self.now().0, exchanges.asked_at.load(Ordering::Relaxed));
        let is_old = now.saturating_sub(asked_at) >= BELIEVED;
        // Of several sign-ins one asks.
        if is_old && exchanges.asked_at.compare_exchange(asked_at, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            let asked = self.store.administrators_to_explain_to().await.unwrap_or_else(|error| {
                tracing::warn!(%error, "cannot learn to whom sign-ins are explained");
                Vec::new()
            });
            *exchanges.administrators.write().unwrap_or_else(PoisonError::into_inner) = asked.into_iter().collect();
        }
        !exchanges.administrators.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Keeps what was noted, if it made a session whose person may see it.
    pub fn keep_exchange(&self, recording: &Recording) {
        let Some((session, user, exchange)) = recording.made() else { return };
        if self.exchanges.is_wanted_by(&user) {
            self.exchanges.keep(Kept { session, user, exchange }, self.now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::Message;

    fn kept(number: usize, at: Timestamp) -> Kept {
        let message = Message::default;
        let exchange = Exchange { at, request: message(), steps: Vec::new(), answer: message(), micros: 0 };
        Kept { session: SessionId(number.to_string()), user: UserId((number % 2).to_string()), exchange }
    }

    #[test]
    fn a_hundred_are_remembered_for_ten_minutes() {
        let (exchanges, start) = (Exchanges::default(), Timestamp(1_800_000_000_000));
        for number in 0..150 {
            exchanges.keep(kept(number, start), start);
        }
        let found = |number: usize, now| exchanges.of(&SessionId(number.to_string()), now).is_some();
        assert!(!found(49, start) && found(50, start) && found(149, start));
        let later = start.plus_seconds(LIFE);
        assert!(found(149, later.minus_seconds(1)) && !found(149, later));
        exchanges.keep(kept(150, later), later);
        assert_eq!(exchanges.kept.lock().unwrap().len(), 1, "what is over is forgotten");
    }

    #[test]
    fn whoever_turns_the_switch_is_forgotten_and_nobody_else() {
        let (exchanges, now) = (Exchanges::default(), Timestamp(1_800_000_000_000));
        for number in 0..4 {
            exchanges.keep(kept(number, now), now);
        }
        exchanges.forget(&UserId("0".into()));
        let found = |number: usize| exchanges.of(&SessionId(number.to_string()), now).is_some();
        assert_eq!([0, 1, 2, 3].map(found), [false, true, false, true]);
    }
}

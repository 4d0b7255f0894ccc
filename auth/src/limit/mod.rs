//! Limits on what strangers may try, as verbs of the domain: `limits.sign_in(address, client)` and its kin (ASVS 5.0, 2.4.1
//! and 6.3.1; OWASP Credential Stuffing Prevention Cheat Sheet). What holds is in docs/throttling.md.
//!
//! Buckets are rows, so all nodes count together (`store/limits.rs`). Each node remembers for a second what it saw, and what is
//! on its way: a right password writes nothing, and a flood of refused tries asks the database once a second. Waits grow and
//! end; a device that the account knows, a passkey and a mailed link get past a bucket that strangers filled.

mod acts;
mod challenge;
mod known_device;
mod lanes;
mod memory;
mod place;
mod request;
mod rule;
mod rules;
mod settings;
mod sign_in;

use std::sync::{Arc, Mutex, PoisonError};

pub use challenge::solve;
pub use known_device::KNOWN_DEVICE_SECONDS;
pub use request::{LimitedRequest, Standing, Told, bring_solution};
pub use rule::{BucketState, Rule};
pub use settings::LimitSettings;
pub use sign_in::SignInTry;

use crate::clock::Clock;
use crate::crypto::{LimitMac, LimitProof};
use crate::meter::{Counters, LimitedAct};
use crate::random::Random;
use crate::store::Store;
use crate::{ErrorCode, Refusal, Result, Timestamp};
use lanes::Lanes;
use memory::Memory;
use place::Place;
use request::seconds_until;

/// What the standing of the bucket of an address is called.
const OF_ACCOUNT: &str = "sign-in-account";

/// The limits of an engine.
pub struct Limits {
    on: bool,
    mac: LimitMac,
    store: Store,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    memory: Memory,
    /// What acts cost before anything is counted for all nodes.
    quiet: Memory,
    /// Held while that is judged and counted.
    quiet_turn: Mutex<()>,
    /// How buckets stand by the tries that the database did not take. Locked while one is added.
    uncounted: Mutex<Memory>,
    lanes: Lanes,
    /// What was refused, for whoever watches.
    refused: Counters<LimitedAct>,
}

/// A bucket that a try is counted in.
#[derive(Clone)]
struct Bucket {
    /// The name of its row.
    name: String,
    rule: Rule,
    /// What its standing is called, where it belongs to whoever asks.
    policy: Option<&'static str>,
}

impl Limits {
    pub(crate) fn new(
        settings: LimitSettings,
        mac: LimitMac,
        store: &Store,
        clock: &Arc<dyn Clock>,
        random: &Arc<dyn Random>,
    ) -> Self {
        Self {
            on: settings.on,
            mac,
            store: store.clone(),
            clock: Arc::clone(clock),
            random: Arc::clone(random),
            memory: Memory::default(),
            quiet: Memory::default(),
            quiet_turn: Mutex::default(),
            uncounted: Mutex::default(),
            lanes: Lanes::default(),
            refused: Counters::default(),
        }
    }

    /// Whether anything is limited.
    pub fn are_on(&self) -> bool {
        self.on
    }

    /// How often each act was refused.
    pub(crate) fn refused(&self) -> &Counters<LimitedAct> {
        &self.refused
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A bucket of what is counted, such as `sign_in.client`, and of whom.
    fn bucket(&self, what: &str, whose: &str, rule: Rule, policy: Option<&'static str>) -> Bucket {
        Bucket { name: format!("{what}.{}", self.mac.of(LimitProof::Bucket, &[what, whose])), rule, policy }
    }

    /// How buckets stand, in their order; what was not seen a moment ago is asked for at once.
    async fn states(&self, buckets: &[Bucket]) -> Result<Vec<BucketState>> {
        let now = self.now();
        let known: Vec<Option<BucketState>> = buckets.iter().map(|bucket| self.memory.get(&bucket.name, now)).collect();
        let missing: Vec<&str> =
            buckets.iter().zip(&known).filter(|(_, state)| state.is_none()).map(|(bucket, _)| &*bucket.name).collect();
        if missing.is_empty() {
            let known = known.into_iter().flatten();
            return Ok(buckets.iter().zip(known).map(|(bucket, state)| self.fuller(bucket, state)).collect());
        }
        let found = self.store.limit_states(&missing).await?;
        let learn = |bucket: &Bucket| {
            let state = found.iter().find(|(of, _)| *of == bucket.name).map(|(_, state)| *state).unwrap_or_default();
            let state = bucket.rule.believed(state, now);
            self.memory.learn(&bucket.name, state, now);
            self.memory.get(&bucket.name, now).unwrap_or(state)
        };
        let states = buckets.iter().zip(known);
        Ok(states.map(|(bucket, state)| self.fuller(bucket, state.unwrap_or_else(|| learn(bucket)))).collect())
    }

    /// Notes a try in each bucket that could not be counted for all nodes: on this one it counts all the same. Whoever
    /// keeps the database from writing does not guess for nothing.
    fn hold(&self, buckets: &[Bucket]) {
        let now = self.now();
        let uncounted = self.uncounted.lock().unwrap_or_else(PoisonError::into_inner);
        for Bucket { name, rule, .. } in buckets {
            let counted = rule.believed(self.memory.last(name).unwrap_or_default(), now);
            let held = rule.believed(uncounted.last(name).unwrap_or_default(), now);
            uncounted.note(name, rule.after(counted.or_fuller(held), now), now);
        }
    }

    /// How a bucket stands with the tries that could not be counted.
    fn fuller(&self, bucket: &Bucket, state: BucketState) -> BucketState {
        let held = self.uncounted.lock().unwrap_or_else(PoisonError::into_inner).last(&bucket.name);
        held.map_or(state, |held| state.or_fuller(bucket.rule.believed(held, self.now())))
    }

    /// Counts one try in each bucket, for all nodes; `false` when one of them was blocked, by which nothing was counted.
    /// With `all` unset the others are counted all the same.
    async fn count(&self, buckets: &[Bucket], all: bool) -> Result<bool> {
        let now = self.now();
        let mut in_order: Vec<&Bucket> = buckets.iter().collect();
        // Two that count at the same moment never wait for each other in a circle.
        in_order.sort_by(|one, other| one.name.cmp(&other.name));
        let mut counted = Vec::with_capacity(in_order.len());
        let mut tx = self.store.begin().await?;
        for bucket in in_order {
            match tx.count_limit(&bucket.name, &bucket.rule, now).await? {
                Some(state) => counted.push((bucket, state)),
                None if all => {
                    tx.rollback().await?;
                    return Ok(false);
                }
                None => {}
            }
        }
        tx.commit().await?;
        let uncounted = self.uncounted.lock().unwrap_or_else(PoisonError::into_inner);
        for (bucket, state) in counted {
            self.memory.note(&bucket.name, state, now);
            // The database knows nothing of the tries that it did not take: where it takes one now and then, each counts.
            if let Some(held) = uncounted.last(&bucket.name).filter(|held| held.recovered_at > now.0) {
                uncounted.note(&bucket.name, bucket.rule.after(bucket.rule.believed(held, now), now), now);
            }
        }
        Ok(true)
    }

    /// The refusal of whoever must wait until then. With `may_work` a challenge is offered that spares the wait.
    fn refusal(&self, until: i64, may_work: bool, address: &str) -> Refusal {
        let seconds = u32::try_from(seconds_until(until, self.now()).max(1)).unwrap_or(u32::MAX);
        let challenge = may_work.then(|| self.challenge(address));
        Refusal { challenge, ..Refusal::retry_after(ErrorCode::TooManyAttempts, seconds) }
    }

    /// Tells how the buckets stand that belong to whoever asks. That of an address is told of while it refuses, and not
    /// before: it would say to strangers that somebody mistypes there now.
    fn tell(&self, buckets: &[Bucket], states: &[BucketState]) {
        let now = self.now();
        request::tell(buckets.iter().zip(states).filter_map(|(bucket, state)| {
            let policy = bucket.policy.filter(|policy| *policy != OF_ACCOUNT || state.is_blocked(now))?;
            Some(Standing::of(policy, &bucket.rule, state, now))
        }));
    }

    /// The same of what is remembered of them.
    fn tell_remembered(&self, buckets: &[Bucket]) {
        let now = self.now();
        let states: Vec<BucketState> = buckets
            .iter()
            .map(|bucket| self.fuller(bucket, self.memory.get(&bucket.name, now).unwrap_or_default()))
            .collect();
        self.tell(buckets, &states);
    }
}

/// Until when the fullest of these is blocked; none when each looks at a try.
fn blocked_until(states: &[BucketState], now: Timestamp) -> Option<i64> {
    states.iter().filter(|state| state.is_blocked(now)).map(|state| state.blocked_until).max()
}

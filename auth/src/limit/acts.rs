//! Acts that anybody may do, each counted whether it leads anywhere or not.
//!
//! A quarter of what a client may do is counted in the memory of its node alone and costs no commit; what goes beyond is
//! counted for all nodes. The quarter comes back a quarter as fast. So with n nodes somebody may do n quarters more, at first
//! and in the long run, and everybody else pays nothing.
//!
//! Not here: refreshes, which prove themselves; invitations and mails, whose budgets are those of organizations and addresses
//! (`flow/invitation_mail.rs`, `forgot_password.rs`); factors (`factor/budget.rs`).

use std::sync::PoisonError;

use super::rule::Rule;
use super::rules::{ActRules, CODE, FEDERATION_START, FORGOT_PASSWORD, PASSKEY_CHALLENGE, SIGN_UP};
use super::{Bucket, BucketState, Limits, Place, blocked_until, request};
use crate::meter::LimitedAct;
use crate::{Result, Timestamp};

impl Limits {
    /// Lets somebody sign up.
    ///
    /// # Errors
    /// [`crate::ErrorCode::TooManyAttempts`].
    pub async fn sign_up(&self, address: &str) -> Result<()> {
        self.act(&SIGN_UP, address).await
    }

    /// Lets somebody ask for a new password.
    ///
    /// # Errors
    /// [`crate::ErrorCode::TooManyAttempts`].
    pub async fn forgot_password(&self, address: &str) -> Result<()> {
        self.act(&FORGOT_PASSWORD, address).await
    }

    /// Lets a program try a mailed code with an address, or somebody a password with the link of a sign-up.
    ///
    /// # Errors
    /// [`crate::ErrorCode::TooManyAttempts`].
    pub async fn code(&self, address: &str) -> Result<()> {
        self.act(&CODE, address).await
    }

    /// Makes a challenge for a passkey, for the client of the request at hand.
    ///
    /// # Errors
    /// [`crate::ErrorCode::TooManyAttempts`].
    pub async fn passkey_challenge(&self) -> Result<()> {
        self.act(&PASSKEY_CHALLENGE, &request::address()).await
    }

    /// Begins a way to a provider.
    ///
    /// # Errors
    /// [`crate::ErrorCode::TooManyAttempts`].
    pub async fn federation_start(&self, address: &str) -> Result<()> {
        self.act(&FEDERATION_START, address).await
    }

    /// The same for the client of the request at hand.
    ///
    /// # Errors
    /// [`crate::ErrorCode::TooManyAttempts`].
    pub async fn federation_start_at_hand(&self) -> Result<()> {
        self.act(&FEDERATION_START, &request::address()).await
    }

    async fn act(&self, rules: &ActRules, address: &str) -> Result<()> {
        let Some(place) = Place::of(address).filter(|_| self.on) else { return Ok(()) };
        let bucket = |class: &str, whose: &str, rule: Rule, policy: Option<&'static str>| {
            self.bucket(&format!("{}.{class}", rules.name), whose, rule, policy)
        };
        let mut buckets = vec![
            bucket("client", &place.client, rules.client, Some("client")),
            bucket("network", &place.network, rules.network, None),
        ];
        buckets.extend(rules.everybody.map(|rule| bucket("everybody", "", rule, None)));
        if self.is_quiet(&buckets) {
            return Ok(());
        }
        let now = self.now();
        let states = self.states(&buckets).await?;
        let blocked = blocked_until(&states, now);
        if blocked.is_none() && self.count(&buckets, true).await? {
            self.tell_remembered(&buckets);
            return Ok(());
        }
        // None: another was faster with the last one, in this very moment.
        let until = blocked.unwrap_or(now.plus_seconds(1).0);
        // Who has many processors has many proofs: what is done with work has a bucket beside.
        let beside = [bucket("work", &place.client, rules.client, None)];
        let has_room = blocked_until(&self.states(&beside).await?, now).is_none();
        if has_room
            && let Some(solution) = request::take_solution()
            && self.spend_solution(&solution, address).await?
            && self.count(&beside, true).await?
        {
            return Ok(());
        }
        self.tell(&buckets, &states);
        if let Some(act) = LimitedAct::named(rules.name) {
            self.refused.note(act);
        }
        Err(self.refusal(until, has_room, address).into())
    }

    /// Whether the act is within what this node counts by itself, in every bucket; if so it has counted it.
    fn is_quiet(&self, buckets: &[Bucket]) -> bool {
        let _turn = self.quiet_turn.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now();
        let states: Vec<BucketState> =
            buckets.iter().map(|bucket| self.quiet.last(&bucket.name).unwrap_or_default()).collect();
        let is_quiet = buckets.iter().zip(&states).all(|(bucket, state)| {
            let (seen, quiet) = (self.memory.get(&bucket.name, now), quarter(&bucket.rule));
            quiet.spent(state, now) < quiet.free && seen.is_none_or(|seen| !seen.is_blocked(now))
        });
        if is_quiet {
            let counted: Vec<BucketState> =
                buckets.iter().zip(&states).map(|(bucket, state)| quarter(&bucket.rule).after(*state, now)).collect();
            for (bucket, state) in buckets.iter().zip(&counted) {
                self.quiet.note(&bucket.name, *state, now);
            }
            let told: Vec<BucketState> = counted.iter().map(|state| of_the_whole(state, now)).collect();
            self.tell(buckets, &told);
        }
        is_quiet
    }
}

/// What a node counts by itself. It makes nobody wait: what goes beyond is counted for all.
const fn quarter(rule: &Rule) -> Rule {
    Rule { free: rule.free / 4, recovers: rule.recovers * 4, first_delay: 0, longest_delay: 0 }
}

/// How the whole bucket stands that so much of the quarter was spent of.
fn of_the_whole(state: &BucketState, now: Timestamp) -> BucketState {
    BucketState { recovered_at: now.0 + (state.recovered_at - now.0).max(0) / 4, ..BucketState::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_act_is_counted_by_its_own_name() {
        for rules in [SIGN_UP, FORGOT_PASSWORD, CODE, PASSKEY_CHALLENGE, FEDERATION_START] {
            assert_eq!(LimitedAct::named(rules.name).map(LimitedAct::as_str), Some(rules.name));
        }
    }
}

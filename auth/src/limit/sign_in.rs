//! Tries of passwords. Wrong ones count, right ones do not: who signs in honestly writes nothing here.
//!
//! An address has a bucket whether it has an account or not, so both get the same answers.

use std::time::Duration;
use tokio::time::{Instant, timeout_at};

use super::known_device::is_mailed;
use super::lanes::Held;
use super::rules::{ACCOUNT, ACCOUNT_WITH_WORK, CLIENT, DEVICE, DEVICES, EVERYBODY, NETWORK};
use super::{Bucket, Limits, OF_ACCOUNT, Place, blocked_until, request};
use crate::meter::LimitedAct;
use crate::{Context, Email, ErrorCode, Refusal, Result};

/// How long a try waits for others of the same bucket that are on their way.
const PATIENCE: Duration = Duration::from_secs(5);

/// A password that may be looked at. What comes of it is told by [`SignInTry::was_wrong`] or by dropping it.
pub struct SignInTry {
    buckets: Vec<Bucket>,
    /// How many of them, the first ones, are of the address.
    of_address: usize,
    /// Given back when the try is over.
    _lanes: Vec<Held>,
}

impl SignInTry {
    /// The same try as far as it concerns the address: whoever signs in with a factor guesses at nobody.
    #[must_use]
    pub fn of_address_alone(mut self) -> Self {
        self.buckets.truncate(self.of_address);
        self
    }

    /// The password was wrong: counts it in every bucket, and on this node alone where that cannot be done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn was_wrong(self, limits: &Limits) -> Result<()> {
        if self.buckets.is_empty() {
            return Ok(());
        }
        if let Err(error) = limits.count(&self.buckets, false).await {
            // Before a lane is given back.
            limits.hold(&self.buckets);
            return Err(error);
        }
        limits.tell_remembered(&self.buckets);
        Ok(())
    }
}

impl Limits {
    /// Lets a password for this address be looked at, or says when to come again. A device that the account knows has tries
    /// of its own; whoever solved a challenge goes past the wait, and is counted beside.
    ///
    /// # Errors
    /// [`ErrorCode::TooManyAttempts`], with seconds and perhaps a challenge; [`ErrorCode::Busy`] when too many try at once.
    pub async fn sign_in(&self, email: &Email, context: &Context) -> Result<SignInTry> {
        if !self.on {
            return Ok(SignInTry { buckets: Vec::new(), of_address: 0, _lanes: Vec::new() });
        }
        if let Some(number) = self.known_device(email, 0) {
            let mut own = vec![self.bucket("sign_in.device", &number, DEVICE, Some("sign-in-device"))];
            // Each mailed proof costs a mail, so they are few; and nobody else spends what they let in.
            if !is_mailed(&number) {
                own.push(self.bucket("sign_in.devices", email.as_str(), DEVICES, None));
            }
            if let Some(admitted) = self.admit(&own).await? {
                return Ok(SignInTry { of_address: own.len(), ..admitted });
            }
        }
        let account = self.bucket("sign_in.account", email.as_str(), ACCOUNT, Some(OF_ACCOUNT));
        let mut around = vec![self.bucket("sign_in.everybody", "", EVERYBODY, None)];
        if let Some(place) = Place::of(&context.address) {
            around.insert(0, self.bucket("sign_in.network", &place.network, NETWORK, None));
            around.insert(0, self.bucket("sign_in.client", &place.client, CLIENT, Some("sign-in-client")));
        }
        let ordinary: Vec<Bucket> = std::iter::once(account.clone()).chain(around).collect();
        if let Some(admitted) = self.admit(&ordinary).await? {
            return Ok(admitted);
        }
        self.with_work(email, &account, ordinary, context).await
    }

    /// The way of whoever must wait: a solved challenge, while what is tried with work has room.
    async fn with_work(
        &self,
        email: &Email,
        account: &Bucket,
        ordinary: Vec<Bucket>,
        context: &Context,
    ) -> Result<SignInTry> {
        let now = self.now();
        let states = self.states(&ordinary).await?;
        let beside = self.bucket("sign_in.work", email.as_str(), ACCOUNT_WITH_WORK, Some(OF_ACCOUNT));
        // Work opens buckets beside the full ones: of the address, if it is that, and of the client.
        let is_account_full = states.first().is_some_and(|state| state.is_blocked(now));
        let mut own = vec![if is_account_full { beside } else { account.clone() }];
        // Who has many processors has many proofs, for as many addresses.
        own.extend(
            Place::of(&context.address).map(|place| self.bucket("sign_in.client_work", &place.client, CLIENT, None)),
        );
        let has_room = blocked_until(&self.states(&own).await?, now).is_none();
        if has_room
            && let Some(solution) = request::take_solution()
            && self.spend_solution(&solution, &context.address).await?
            && let Some(mut admitted) = self.admit(&own).await?
        {
            // Buckets that are blocked count nothing; the others go on.
            admitted.buckets.extend(ordinary.into_iter().skip(1));
            return Ok(admitted);
        }
        // None: too many try at once, or the wait was over in this very moment.
        let until = blocked_until(&states, now).ok_or_else(|| Refusal::retry_after(ErrorCode::Busy, 1))?;
        self.tell(&ordinary, &states);
        self.refused.note(LimitedAct::SignIn);
        Err(self.refusal(until, has_room, &context.address).into())
    }

    /// Takes a lane in each bucket; none while one of them is blocked, or when too many stay on their way. Lanes are taken
    /// in the order of the buckets, from the narrowest to the widest, so nobody waits for somebody who waits for them.
    async fn admit(&self, buckets: &[Bucket]) -> Result<Option<SignInTry>> {
        let until = Instant::now() + PATIENCE;
        let mut lanes = Vec::with_capacity(buckets.len());
        // One look for all of them; afterwards each is found in memory.
        self.states(buckets).await?;
        for bucket in buckets {
            let held = loop {
                let now = self.now();
                let states = self.states(std::slice::from_ref(bucket)).await?;
                let state = states.first().copied().unwrap_or_default();
                if state.is_blocked(now) {
                    return Ok(None);
                }
                let look = || self.fuller(bucket, self.memory.get(&bucket.name, now).unwrap_or(state));
                match self.lanes.take(&bucket.name, || bucket.rule.lanes(&look(), now)) {
                    // Whoever held it before was wrong, in this very moment.
                    Ok(_) if look().is_blocked(now) => return Ok(None),
                    Ok(held) => break held,
                    Err(changed) => {
                        if timeout_at(until, changed).await.is_err() {
                            return Ok(None);
                        }
                    }
                }
            };
            lanes.push(held);
        }
        self.tell_remembered(buckets);
        Ok(Some(SignInTry { buckets: buckets.to_vec(), of_address: 1, _lanes: lanes }))
    }
}

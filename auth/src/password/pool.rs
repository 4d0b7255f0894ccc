//! Hash threads: one a core, each with its own memory, behind a bounded queue.
//!
//! Argon2 on the async threads would stall every other request; `spawn_blocking` would allocate
//! 19 MiB a time on up to 512 threads. Here memory stays flat and the 65th waiting sign-in hears
//! "come back in a second" instead of making all others slower.

use anyhow::anyhow;
use secrecy::{ExposeSecret, SecretString};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::oneshot;
use tracing::Instrument as _;

use super::NewPassword;
use super::hash::{HashCost, Hasher, Verdict};
use crate::meter::Histogram;
use crate::random::Random;
use crate::weakened::{self, Defence};
use crate::{Error, ErrorCode, Refusal, Result, trace};

/// The threads and their queue.
pub struct HashPool {
    queue: Arc<Queue>,
    /// The hash of a password nobody knows, verified when there is no account.
    decoy: String,
}

/// What is known of the queue since the start.
#[derive(Default)]
pub struct HashMeter {
    /// How long work waited for a thread.
    pub waited: Histogram,
    /// How long a thread worked on it.
    pub worked: Histogram,
    refused: AtomicU64,
}

impl HashMeter {
    /// How often the queue was full.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }
}

enum Work {
    Run(Box<dyn FnOnce() + Send>),
    Hash { password: SecretString, salt: [u8; 16], reply: oneshot::Sender<anyhow::Result<String>> },
    Verify { password: SecretString, stored: String, reply: oneshot::Sender<anyhow::Result<Verdict>> },
}

struct Queue {
    state: Mutex<State>,
    filled: Condvar,
    limit: usize,
    meter: HashMeter,
}

#[derive(Default)]
struct State {
    /// With the moment at which each came.
    waiting: VecDeque<(Instant, Work)>,
    closed: bool,
}

impl HashPool {
    /// Starts the threads.
    ///
    /// # Errors
    /// When the cost is impossible or a thread cannot be started.
    pub fn start(cost: HashCost, threads: usize, limit: usize, random: &dyn Random) -> anyhow::Result<Self> {
        let queue =
            Arc::new(Queue { state: Mutex::default(), filled: Condvar::new(), limit, meter: HashMeter::default() });
        let first = Hasher::new(cost)?;
        let mut output = [0; 32];
        random.fill(&mut output);
        let decoy = first.decoy(&salt(random), &output)?;
        let mut ready = Some(first);
        for number in 0..threads.max(1) {
            let mut hasher = ready.take().map_or_else(|| Hasher::new(cost), Ok)?;
            let queue = Arc::clone(&queue);
            std::thread::Builder::new().name(format!("hash-{number}")).spawn(move || {
                while let Some(work) = queue.next() {
                    let began = Instant::now();
                    // A panic costs one request, not the thread.
                    let _ = catch_unwind(AssertUnwindSafe(|| work.run(&mut hasher)));
                    queue.meter.worked.note(began.elapsed());
                }
            })?;
        }
        Ok(Self { queue, decoy })
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// [`ErrorCode::Busy`] when the queue is full.
    pub async fn hash(&self, password: &NewPassword, random: &dyn Random) -> Result<String> {
        let (reply, answer) = oneshot::channel();
        let password = SecretString::from(password.expose());
        self.queue.push(Work::Hash { password, salt: salt(random), reply })?;
        let answer = answer.instrument(trace::step("hash a password"));
        Ok(answer.await.map_err(|_| anyhow!("a hash thread died"))??)
    }

    /// How many wait for a thread, and how many may.
    pub fn depth(&self) -> (usize, usize) {
        (self.queue.lock().waiting.len(), self.queue.limit)
    }

    /// What is known of the queue since the start.
    pub fn meter(&self) -> &HashMeter {
        &self.queue.meter
    }

    /// Whether somebody waits for a thread.
    pub fn are_more_on_their_way(&self) -> bool {
        !self.queue.lock().waiting.is_empty()
    }

    /// Does other work that is too slow for the async threads, in the same bounded queue.
    ///
    /// # Errors
    /// [`ErrorCode::Busy`] when the queue is full.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.queue.push(Work::Run(Box::new(move || {
            if !reply.is_closed() {
                let _ = reply.send(work());
            }
        })))?;
        Ok(answer.await.map_err(|_| anyhow!("a hash thread died"))?)
    }

    /// Verifies a password; without a stored hash it takes the same time and is always wrong.
    ///
    /// # Errors
    /// [`ErrorCode::Busy`] when the queue is full.
    pub async fn verify(&self, password: &SecretString, stored: Option<&str>) -> Result<Verdict> {
        if stored.is_none() && weakened::is_off(Defence::Decoy) {
            return Ok(Verdict::Wrong);
        }
        let (reply, answer) = oneshot::channel();
        let work = Work::Verify { password: password.clone(), stored: stored.unwrap_or(&self.decoy).to_owned(), reply };
        self.queue.push(work)?;
        let answer = answer.instrument(trace::step("verify a password"));
        let verdict = answer.await.map_err(|_| anyhow!("a hash thread died"))??;
        Ok(if stored.is_some() { verdict } else { Verdict::Wrong })
    }
}

impl Drop for HashPool {
    fn drop(&mut self) {
        self.queue.lock().closed = true;
        self.queue.filled.notify_all();
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, work: Work) -> Result<()> {
        let mut state = self.lock();
        if state.waiting.len() >= self.limit {
            self.meter.refused.fetch_add(1, Ordering::Relaxed);
            return Err(Error::Refused(Refusal::retry_after(ErrorCode::Busy, 1)));
        }
        state.waiting.push_back((Instant::now(), work));
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    fn next(&self) -> Option<Work> {
        let mut state = self.lock();
        loop {
            if let Some((came, work)) = state.waiting.pop_front() {
                drop(state);
                self.meter.waited.note(came.elapsed());
                return Some(work);
            }
            if state.closed {
                return None;
            }
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Work {
    /// Does the work, unless whoever asked has gone away meanwhile.
    fn run(self, hasher: &mut Hasher) {
        match self {
            Self::Run(work) => work(),
            Self::Hash { password, salt, reply } if !reply.is_closed() => {
                let _ = reply.send(hasher.hash(password.expose_secret(), &salt));
            }
            Self::Verify { password, stored, reply } if !reply.is_closed() => {
                let _ = reply.send(hasher.verify(password.expose_secret(), &stored));
            }
            Self::Hash { .. } | Self::Verify { .. } => {}
        }
    }
}

fn salt(random: &dyn Random) -> [u8; 16] {
    let mut salt = [0; 16];
    random.fill(&mut salt);
    salt
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[tokio::test]
    async fn a_full_queue_refuses_instead_of_growing() {
        let random = SeededRandom::new(1);
        let cost = HashCost { memory: 4096, passes: 8, lanes: 1 };
        let pool = Arc::new(HashPool::start(cost, 1, 2, &random).unwrap());
        let ask = |pool: Arc<HashPool>| async move { pool.verify(&SecretString::from("x"), None).await };
        let asked: Vec<_> = (0..10).map(|_| tokio::spawn(ask(Arc::clone(&pool)))).collect();
        let mut busy = 0;
        for answer in asked {
            match answer.await.unwrap() {
                Ok(verdict) => assert_eq!(verdict, Verdict::Wrong),
                Err(error) => {
                    assert_eq!(error.refusal(), Refusal::retry_after(ErrorCode::Busy, 1));
                    busy += 1;
                }
            }
        }
        assert!((1..=8).contains(&busy), "{busy} of 10 were refused");
        assert!(ask(pool).await.is_ok(), "and the pool goes on");
    }

    #[tokio::test]
    async fn the_decoy_never_matches() {
        let random = SeededRandom::new(1);
        let pool = HashPool::start(HashCost { memory: 32, passes: 1, lanes: 1 }, 1, 8, &random).unwrap();
        let secret = (&SeededRandom::new(1) as &dyn Random).token();
        assert_eq!(pool.verify(&secret, None).await.unwrap(), Verdict::Wrong);
    }
}

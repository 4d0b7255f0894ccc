//! One connection, and what it is waited for. The stream and the service note it, and whoever looks for those that are
//! late reads it: no timer is set for any request.

use std::net::IpAddr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::AbortHandle;

use super::limits::DoorLimits;

/// The head of a request is on its way.
const HEAD: u8 = 0;
/// A request is answered.
const SERVED: u8 = 1;
/// The answer is given; another request may come.
const IDLE: u8 = 2;
/// Of `stalled_at`: the client takes its answer.
const TAKES: u64 = 0;
/// Milliseconds in which a first request may be on its way: newcomers do not put each other out.
pub(super) const GRACE: u64 = 1_000;

/// A connection. Moments are milliseconds since it came.
pub(super) struct Guest {
    /// What counts it; none for a trusted proxy.
    address: Option<IpAddr>,
    came: Instant,
    phase: AtomicU8,
    /// Since when the phase lasts.
    since: AtomicU64,
    /// Since when the client takes nothing.
    stalled_at: AtomicU64,
    /// Whether more of the body of its request is waited for.
    is_awaited: AtomicBool,
    /// Whether it ever had a whole request.
    has_asked: AtomicBool,
    task: OnceLock<AbortHandle>,
}

impl Guest {
    /// One who comes now; a head is waited for at once.
    pub(super) fn new(address: Option<IpAddr>) -> Self {
        Self {
            address,
            came: Instant::now(),
            phase: AtomicU8::new(HEAD),
            since: AtomicU64::new(0),
            stalled_at: AtomicU64::new(TAKES),
            is_awaited: AtomicBool::new(false),
            has_asked: AtomicBool::new(false),
            task: OnceLock::new(),
        }
    }

    /// Notes who serves it.
    pub(super) fn is_served_by(&self, task: AbortHandle) {
        let _ = self.task.set(task);
    }

    /// Notes that bytes came: after an answer they are the beginning of another request.
    pub(super) fn note_bytes(&self) {
        if self.phase.load(Ordering::Relaxed) == IDLE {
            self.begin(HEAD);
        }
    }

    /// Notes that a whole head came.
    pub(super) fn note_request(&self) {
        self.has_asked.store(true, Ordering::Relaxed);
        self.begin(SERVED);
    }

    /// Notes that the answer is given.
    pub(super) fn note_answered(&self) {
        self.begin(IDLE);
    }

    /// Notes whether the client took a part of its answer.
    pub(super) fn note_write(&self, took: bool) {
        if took {
            self.stalled_at.store(TAKES, Ordering::Relaxed);
        } else if self.stalled_at.load(Ordering::Relaxed) == TAKES {
            self.stalled_at.store(self.now().max(1), Ordering::Relaxed);
        }
    }

    /// Notes whether more of the body is waited for.
    pub(super) fn note_body(&self, is_awaited: bool) {
        self.is_awaited.store(is_awaited, Ordering::Relaxed);
    }

    /// What counts it.
    pub(super) fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Whether it came a while ago and never had a whole request: an honest one has it with its first bytes.
    pub(super) fn is_silent(&self) -> bool {
        self.has_never_asked() && self.now() > GRACE
    }

    /// Whether its last answer is given and nothing of another request has come.
    pub(super) fn is_idle(&self) -> bool {
        self.phase.load(Ordering::Relaxed) == IDLE && self.takes()
    }

    /// Whether it is its client that is waited for: for a body, or for a reader of the answer. One that gives or takes a
    /// little now and then is slow at nearly every moment.
    pub(super) fn is_slow(&self) -> bool {
        self.is_awaited.load(Ordering::Relaxed) || !self.takes()
    }

    /// Whether no request of it is answered now.
    pub(super) fn waits(&self) -> bool {
        self.phase.load(Ordering::Relaxed) != SERVED
    }

    /// Whether it took longer than it may.
    pub(super) fn is_late(&self, limits: &DoorLimits) -> bool {
        let now = self.now();
        let longer = |since: u64, patience: Duration| u128::from(now.saturating_sub(since)) > patience.as_millis();
        let since = self.since.load(Ordering::Relaxed);
        let is_late = match self.phase.load(Ordering::Relaxed) {
            HEAD => longer(since, limits.head),
            IDLE => longer(since, limits.idle),
            _ => false,
        };
        let stalled_at = self.stalled_at.load(Ordering::Relaxed);
        is_late || (stalled_at != TAKES && longer(stalled_at, limits.stall))
    }

    /// Closes the connection. A request that begins in this moment is cut off as by a client that goes away.
    pub(super) fn dismiss(&self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }

    fn has_never_asked(&self) -> bool {
        !self.has_asked.load(Ordering::Relaxed)
    }

    fn takes(&self) -> bool {
        self.stalled_at.load(Ordering::Relaxed) == TAKES
    }

    fn begin(&self, phase: u8) {
        // The moment first: who looks in between sees the phase before as younger than it is.
        self.since.store(self.now(), Ordering::Relaxed);
        self.phase.store(phase, Ordering::Relaxed);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.came.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(5);

    fn limits() -> DoorLimits {
        DoorLimits { head: SHORT, stall: SHORT, ..DoorLimits::default() }
    }

    #[test]
    fn a_head_may_not_take_long_and_bytes_of_it_give_no_more_time() {
        let guest = Guest::new(None);
        assert!(!guest.is_late(&limits()) && guest.has_never_asked() && guest.waits());
        std::thread::sleep(SHORT * 2);
        guest.note_bytes();
        assert!(guest.is_late(&limits()));
    }

    #[test]
    fn an_answer_may_take_long_and_so_may_the_next_request() {
        let guest = Guest::new(None);
        guest.note_request();
        std::thread::sleep(SHORT * 2);
        assert!(!guest.is_late(&limits()) && !guest.waits() && !guest.has_never_asked());
        guest.note_answered();
        std::thread::sleep(SHORT * 2);
        assert!(!guest.is_late(&limits()) && guest.waits() && guest.is_idle(), "it is idle");
        guest.note_bytes();
        assert!(!guest.is_idle(), "and no more");
        std::thread::sleep(SHORT * 2);
        assert!(guest.is_late(&limits()), "the next head has begun");
    }

    #[test]
    fn who_takes_nothing_of_an_answer_is_late() {
        let guest = Guest::new(None);
        guest.note_request();
        guest.note_write(false);
        std::thread::sleep(SHORT * 2);
        guest.note_write(false);
        assert!(guest.is_late(&limits()) && guest.is_slow());
        guest.note_answered();
        assert!(!guest.is_idle(), "the end of the answer is not taken yet");
        guest.note_write(true);
        assert!(!guest.is_late(&limits()) && !guest.is_slow() && guest.is_idle());
    }

    #[test]
    fn who_keeps_a_body_waiting_is_slow_until_it_comes() {
        let guest = Guest::new(None);
        guest.note_request();
        assert!(!guest.is_slow());
        guest.note_body(true);
        assert!(guest.is_slow() && !guest.is_late(&limits()));
        guest.note_body(false);
        assert!(!guest.is_slow());
    }

    #[test]
    fn who_came_now_is_not_silent_yet_and_who_asked_never_is() {
        let long_ago = Instant::now().checked_sub(Duration::from_millis(2 * GRACE)).unwrap();
        assert!(!Guest::new(None).is_silent());
        let guest = Guest { came: long_ago, ..Guest::new(None) };
        assert!(guest.is_silent());
        guest.note_request();
        guest.note_answered();
        assert!(!guest.is_silent());
    }
}

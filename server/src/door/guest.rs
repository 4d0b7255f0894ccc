//! One connection, and what it is waited for. The stream and the service note it, and whoever looks for those that are
//! late reads it: no timer is set for any request. Over HTTP/2 a connection has several requests at once.

use std::net::IpAddr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::AbortHandle;

use super::limits::DoorLimits;

/// Of `stalled_at`: the client takes its answer.
const TAKES: u64 = 0;
/// Milliseconds in which a first request may be on its way: newcomers do not put each other out.
pub(super) const GRACE: u64 = 1_000;
/// How many more requests of one connection may be broken off than are heard to their end: a browser that leaves a page
/// breaks off a few, who does it for its own sake thousands (CVE-2023-44487).
const MOST_BROKEN_OFF: i64 = 100;

/// A connection. Moments are milliseconds since it came.
pub(super) struct Guest {
    /// What counts it; none for a trusted proxy.
    address: Option<IpAddr>,
    came: Instant,
    /// Whether the head of a request is on its way; else, with none that is answered, another request may come.
    is_in_head: AtomicBool,
    /// Since when that is so.
    since: AtomicU64,
    /// Requests that are answered now.
    served: AtomicUsize,
    /// Those of them whose body is waited for.
    awaited: AtomicUsize,
    /// Since when the client takes nothing.
    stalled_at: AtomicU64,
    /// Answers of HTTP/2 whose next part waits until the client has room for it.
    untaken: AtomicUsize,
    /// When one of them went on.
    taken_at: AtomicU64,
    /// How many requests may be broken off yet.
    patience: AtomicI64,
    /// Whether it speaks HTTP/2, where bytes may be anything, and no sign of a request.
    is_multiplexed: AtomicBool,
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
            is_in_head: AtomicBool::new(true),
            since: AtomicU64::new(0),
            served: AtomicUsize::new(0),
            awaited: AtomicUsize::new(0),
            stalled_at: AtomicU64::new(TAKES),
            untaken: AtomicUsize::new(0),
            taken_at: AtomicU64::new(0),
            patience: AtomicI64::new(MOST_BROKEN_OFF),
            is_multiplexed: AtomicBool::new(false),
            has_asked: AtomicBool::new(false),
            task: OnceLock::new(),
        }
    }

    /// Notes who serves it.
    pub(super) fn is_served_by(&self, task: AbortHandle) {
        let _ = self.task.set(task);
    }

    /// Notes that it speaks HTTP/2.
    pub(super) fn note_multiplexed(&self) {
        self.is_multiplexed.store(true, Ordering::Relaxed);
    }

    /// Notes that bytes came: after an answer they are the beginning of another request. Over HTTP/2 they may be room for an
    /// answer, or a sign of life.
    pub(super) fn note_bytes(&self) {
        if self.waits() && !self.is_in_head.load(Ordering::Relaxed) && !self.is_multiplexed.load(Ordering::Relaxed) {
            self.since.store(self.now(), Ordering::Relaxed);
            self.is_in_head.store(true, Ordering::Relaxed);
        }
    }

    /// Notes that a whole head came.
    pub(super) fn note_request(&self) {
        self.served.fetch_add(1, Ordering::AcqRel);
        self.has_asked.store(true, Ordering::Relaxed);
        self.is_in_head.store(false, Ordering::Relaxed);
    }

    /// Notes that the answer is given.
    pub(super) fn note_answered(&self) {
        // The moment first: who looks in between sees a request that is answered still.
        self.since.store(self.now(), Ordering::Relaxed);
        self.served.fetch_sub(1, Ordering::AcqRel);
    }

    /// Notes whether the client took a part of its answer.
    pub(super) fn note_write(&self, took: bool) {
        if took {
            self.stalled_at.store(TAKES, Ordering::Relaxed);
        } else if self.stalled_at.load(Ordering::Relaxed) == TAKES {
            self.stalled_at.store(self.now().max(1), Ordering::Relaxed);
        }
    }

    /// Notes that more of a body is waited for, or no more.
    pub(super) fn note_body(&self, is_awaited: bool) {
        if is_awaited {
            self.awaited.fetch_add(1, Ordering::Relaxed);
        } else {
            self.awaited.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Notes that a part of an answer waits until the client has room for it.
    pub(super) fn note_given(&self) {
        if self.untaken.load(Ordering::Relaxed) == 0 {
            self.taken_at.store(self.now(), Ordering::Relaxed);
        }
        self.untaken.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that it waits no more.
    pub(super) fn note_taken(&self) {
        self.taken_at.store(self.now(), Ordering::Relaxed);
        self.untaken.fetch_sub(1, Ordering::Relaxed);
    }

    /// Notes whether the client heard an answer to its end. Who breaks off too many is shown the door; a trusted proxy is
    /// not, which passes on what any of many breaks off: the others would lose what they asked for in this moment.
    pub(super) fn note_end(&self, is_whole: bool) {
        if self.address.is_none() {
            return;
        }
        if is_whole {
            self.patience.fetch_add(1, Ordering::Relaxed);
        } else if self.patience.fetch_sub(1, Ordering::Relaxed) <= 0 {
            self.dismiss();
        }
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
        self.waits() && !self.is_in_head.load(Ordering::Relaxed) && self.takes()
    }

    /// Whether it is its client that is waited for, in each of its requests: for a body, or for a reader of the answer. One
    /// that gives or takes a little now and then is slow at nearly every moment.
    pub(super) fn is_slow(&self) -> bool {
        let waited_for = self.awaited.load(Ordering::Relaxed) + self.untaken.load(Ordering::Relaxed);
        (waited_for > 0 && waited_for >= self.served.load(Ordering::Acquire)) || !self.takes()
    }

    /// Whether it has several requests, and is slow in all of them.
    pub(super) fn is_slow_in_turns(&self) -> bool {
        self.is_multiplexed.load(Ordering::Relaxed) && !self.waits() && self.is_slow()
    }

    /// Whether no request of it is answered now.
    pub(super) fn waits(&self) -> bool {
        self.served.load(Ordering::Acquire) == 0
    }

    /// Whether it took longer than it may.
    pub(super) fn is_late(&self, limits: &DoorLimits) -> bool {
        let waits = self.waits();
        let now = self.now();
        let longer = |since: u64, patience: Duration| u128::from(now.saturating_sub(since)) > patience.as_millis();
        let patience = if self.is_in_head.load(Ordering::Relaxed) { limits.head } else { limits.idle };
        let is_late = waits && longer(self.since.load(Ordering::Relaxed), patience);
        let stalled_at = self.stalled_at.load(Ordering::Relaxed);
        let is_stalled = stalled_at != TAKES && longer(stalled_at, limits.stall);
        let has_untaken = self.untaken.load(Ordering::Relaxed) > 0;
        is_late || is_stalled || (has_untaken && longer(self.taken_at.load(Ordering::Relaxed), limits.stall))
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

    #[test]
    fn several_requests_are_answered_at_once_and_signs_of_life_begin_none() {
        let guest = Guest::new(None);
        guest.note_multiplexed();
        guest.note_request();
        guest.note_request();
        guest.note_answered();
        assert!(!guest.waits() && !guest.is_idle(), "one goes on");
        guest.note_body(true);
        assert!(guest.is_slow_in_turns());
        guest.note_request();
        assert!(!guest.is_slow(), "another is not waited for");
        guest.note_body(false);
        guest.note_answered();
        guest.note_answered();
        guest.note_bytes();
        assert!(guest.is_idle() && !guest.is_slow_in_turns(), "a sign of life is no head");
        std::thread::sleep(SHORT * 2);
        assert!(!guest.is_late(&limits()));
    }

    #[test]
    fn who_has_no_room_for_any_answer_is_late_and_room_for_one_is_enough() {
        let guest = Guest::new(None);
        guest.note_request();
        guest.note_request();
        guest.note_given();
        guest.note_given();
        assert!(guest.is_slow() && !guest.is_late(&limits()));
        std::thread::sleep(SHORT * 2);
        assert!(guest.is_late(&limits()));
        guest.note_taken();
        assert!(!guest.is_late(&limits()), "one of them went on");
        std::thread::sleep(SHORT * 2);
        assert!(guest.is_late(&limits()), "the other waits");
        guest.note_taken();
        assert!(!guest.is_late(&limits()) && !guest.is_slow());
    }

    #[tokio::test]
    async fn who_breaks_off_everything_is_shown_the_door() {
        let task = tokio::spawn(std::future::pending::<()>());
        let guest = Guest::new(Some(IpAddr::from([192, 0, 2, 1])));
        guest.is_served_by(task.abort_handle());
        for _ in 0..3 * MOST_BROKEN_OFF {
            guest.note_end(true);
            guest.note_end(false);
        }
        for _ in 0..MOST_BROKEN_OFF {
            guest.note_end(false);
        }
        tokio::task::yield_now().await;
        assert!(!task.is_finished(), "the control: so many are broken off by those who leave");
        guest.note_end(false);
        assert!(task.await.unwrap_err().is_cancelled());
    }

    #[tokio::test]
    async fn what_one_of_many_breaks_off_is_not_held_against_their_proxy() {
        let task = tokio::spawn(std::future::pending::<()>());
        let proxy = Guest::new(None);
        proxy.is_served_by(task.abort_handle());
        for _ in 0..3 * MOST_BROKEN_OFF {
            proxy.note_end(false);
        }
        tokio::task::yield_now().await;
        assert!(!task.is_finished());
        task.abort();
    }
}

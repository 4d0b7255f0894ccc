//! How many may be inside, and how long each may take.

use std::time::Duration;

/// The head of a request, its first line included; one that is larger is answered 431 (RFC 6585, 5).
pub(super) const HEAD_BYTES: u32 = 32 * 1024;
/// What is read and written ahead for one connection.
pub(super) const BUFFER_BYTES: usize = 64 * 1024;

/// The bounds of the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoorLimits {
    /// Connections at once.
    pub connections: usize,
    /// Of them, those of one address; of IPv6 those of one /64. Trusted proxies speak for many and may have any number.
    pub connections_of_address: usize,
    /// How long the head of a request may take, from the accepted connection or from its first byte.
    pub head: Duration,
    /// How long a connection may wait for another request. Longer than proxies keep theirs, which is a minute as a rule
    /// and ten at most: who closes first never meets a request on its way.
    pub idle: Duration,
    /// How long a client may take nothing of its answer.
    pub stall: Duration,
    /// How long a body may take from its first byte to its last: one that trickles in is not waited for.
    pub body: Duration,
    /// The same for a picture and the text of a document: 1 MB over a telephone in a train.
    pub large_body: Duration,
}

impl Default for DoorLimits {
    fn default() -> Self {
        Self {
            connections: 4096,
            connections_of_address: 256,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(620),
            stall: Duration::from_secs(30),
            body: Duration::from_secs(10),
            large_body: Duration::from_secs(60),
        }
    }
}

impl DoorLimits {
    /// With no more connections than three quarters of the files that the system lets the program open: each connection
    /// is one, and the database needs some.
    #[must_use]
    pub fn within_open_files(self) -> Self {
        let Some(files) = most_open_files() else { return self };
        let connections = self.connections.min((files / 4 * 3).max(1));
        if connections < self.connections {
            tracing::info!(
                connections,
                files,
                "fewer connections than set: the system lets the program open few files"
            );
        }
        Self { connections, ..self }
    }

    /// How often it is looked who is late.
    pub(super) fn look(&self) -> Duration {
        let shortest = self.head.min(self.idle).min(self.stall);
        (shortest / 4).clamp(Duration::from_millis(10), Duration::from_secs(1))
    }
}

/// The soft limit, where the system tells it as Linux does.
pub(crate) fn most_open_files() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    soft_limit(&limits)
}

fn soft_limit(limits: &str) -> Option<usize> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_of_open_files_is_read() {
        let told = "Limit                     Soft Limit           Hard Limit           Units     \n\
                    Max open files            1024                 524288               files     \n";
        assert_eq!(soft_limit(told), Some(1024));
        assert_eq!(soft_limit("Max open files            unlimited            unlimited            files"), None);
        assert_eq!(soft_limit(""), None);
    }

    #[test]
    fn who_is_late_is_seen_soon() {
        assert_eq!(DoorLimits::default().look(), Duration::from_secs(1));
        let short = DoorLimits { head: Duration::from_millis(200), ..DoorLimits::default() };
        assert_eq!(short.look(), Duration::from_millis(50));
    }
}

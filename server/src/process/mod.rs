//! How this process is: since when it runs, how much memory it holds, how long its requests take.

use auth::Timestamp;
use auth::view::ProcessHealth;
use std::sync::Arc;
use std::time::Duration;

mod histogram;
mod latency;

use latency::Latencies;

/// What is known of the process; cheap to clone.
#[derive(Clone)]
pub struct Process(Arc<Known>);

struct Known {
    started_at: Timestamp,
    latencies: Latencies,
}

impl Process {
    /// A process that starts now.
    pub fn started(now: Timestamp) -> Self {
        Self(Arc::new(Known { started_at: now, latencies: Latencies::default() }))
    }

    /// Notes how long a request took that was answered now.
    pub fn note_request(&self, took: Duration, now: Timestamp) {
        self.0.latencies.note(took, now);
    }

    /// How it is now.
    pub fn health(&self, now: Timestamp) -> ProcessHealth {
        ProcessHealth {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: self.0.started_at,
            memory_bytes: memory_bytes(),
            latency: self.0.latencies.told(now),
        }
    }
}

/// Resident memory, where the system tells it as Linux does.
fn memory_bytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: i64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

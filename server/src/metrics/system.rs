//! The process as the system sees it, by the names that Prometheus' own libraries give. Where the system does not tell it as
//! Linux does, a family has no number.

use super::exposition::{Exposition, Seconds};
use crate::process::{Process, memory_bytes};

/// What the kernel calls the entry with its ticks in a second (`AT_CLKTCK`).
const TICKS: usize = 17;
/// Fields of `/proc/self/stat` behind the name of the program (proc_pid_stat(5)).
const USER_TIME: usize = 11;
const SYSTEM_TIME: usize = 12;
const THREADS: usize = 17;
const VIRTUAL_BYTES: usize = 20;

/// Adds what the system tells of the process.
pub(super) fn write(text: &mut Exposition, process: &Process) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let field = |number: usize| stat_field(&stat, number);
    let family = text.counter("process_cpu_seconds_total", "Time of processors, in seconds.");
    if let (Some(user), Some(system), Some(ticks)) = (field(USER_TIME), field(SYSTEM_TIME), ticks_a_second()) {
        family.sample(&[], Seconds::of_micros((user + system).saturating_mul(1_000_000) / ticks));
    }
    let family = text.gauge("process_resident_memory_bytes", "Memory that the process holds.");
    if let Some(bytes) = memory_bytes() {
        family.sample(&[], bytes);
    }
    let family = text.gauge("process_virtual_memory_bytes", "Addresses that the process has.");
    if let Some(bytes) = field(VIRTUAL_BYTES) {
        family.sample(&[], bytes);
    }
    let family = text.gauge("process_threads", "Threads of the process.");
    if let Some(threads) = field(THREADS) {
        family.sample(&[], threads);
    }
    let family = text.gauge("process_open_fds", "Open files and connections.");
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        family.sample(&[], files.count());
    }
    let family = text.gauge("process_max_fds", "Files and connections that may be open.");
    if let Some(files) = crate::door::most_open_files() {
        family.sample(&[], files);
    }
    text.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.")
        .sample(&[], Seconds::of_millis(process.started_at().0));
}

fn stat_field(stat: &str, number: usize) -> Option<u64> {
    // The name stands in parentheses and may hold anything, also some.
    stat.rsplit_once(") ")?.1.split(' ').nth(number)?.trim().parse().ok()
}

/// Ticks that the kernel counts in a second, as it tells each program at its start (getauxval(3)).
fn ticks_a_second() -> Option<u64> {
    ticks_of(&std::fs::read("/proc/self/auxv").ok()?)
}

fn ticks_of(entries: &[u8]) -> Option<u64> {
    let word = size_of::<usize>();
    let number = |bytes: &[u8]| Some(usize::from_ne_bytes(bytes.try_into().ok()?));
    let entry = entries.chunks_exact(2 * word).find(|entry| number(&entry[..word]) == Some(TICKS))?;
    u64::try_from(number(&entry[word..])?).ok().filter(|ticks| *ticks > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_writes_is_read() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 7 0 12345 987654321 5000 1\n";
        let read = [USER_TIME, SYSTEM_TIME, THREADS, VIRTUAL_BYTES].map(|number| stat_field(stat, number));
        assert_eq!(read, [Some(250), Some(50), Some(7), Some(987_654_321)]);
        assert_eq!(stat_field("", 0), None);
        let words = [6_usize, 4096, TICKS, 100, 0, 0];
        let entries: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
        assert_eq!((ticks_of(&entries), ticks_of(&entries[..16])), (Some(100), None));
    }

    #[test]
    fn this_process_has_used_a_processor() {
        assert!(ticks_a_second().is_some_and(|ticks| ticks >= 1));
        assert!(stat_field(&std::fs::read_to_string("/proc/self/stat").unwrap(), THREADS).is_some_and(|all| all >= 1));
    }
}

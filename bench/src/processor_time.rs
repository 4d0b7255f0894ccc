//! Time of processors that a process has used, all its threads together, also those that have ended.

use anyhow::Context;
use std::time::Duration;

/// Fields of `/proc/PID/stat` behind the name of the program (proc_pid_stat(5)): what it used itself, and the kernel for it.
const USER_TIME: usize = 11;
/// Ticks in a second. Whatever a kernel is built with, programs are told hundredths, on every architecture of these days.
const TICKS: u64 = 100;

/// What the process has used since its start.
pub fn of(process: u32) -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    read(&stat).context("times of processors")
}

fn read(stat: &str) -> Option<Duration> {
    // The name stands in parentheses and may hold anything, also some.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(USER_TIME);
    let (user, system) = (fields.next()?.parse::<u64>().ok()?, fields.next()?.parse::<u64>().ok()?);
    Some(Duration::from_millis((user + system) * 1000 / TICKS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_writes_is_read() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194304 100 0 0 0 250 51 0 0 20 0 7 0 12345 987654321 5000 1\n";
        assert_eq!(read(stat), Some(Duration::from_millis(3010)));
        assert_eq!(read(&stat.replace("250", "much")), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn this_process_is_found() {
        assert!(of(std::process::id()).is_ok());
    }
}

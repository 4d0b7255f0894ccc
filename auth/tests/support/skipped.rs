//! What a test says that was not run, or not whole, for want of something. `bin/test` counts it and tells why.

use std::io::Write as _;

/// Why nothing was tried on PostgreSQL.
pub const NO_POSTGRES: &str = "KEYWRIGHT_TEST_POSTGRES_URL names no PostgreSQL; bin/test starts one";

/// Why no PostgreSQL of a story's own was started.
pub const NO_CLUSTER: &str = "there is no PostgreSQL in /usr/lib/postgresql; bin/setup installs it";

/// Why no disk of a story's own was filled.
pub const NO_DISK: &str =
    "nothing can be mounted here in a namespace of its own (unshare --mount), so no disk was filled";

/// Says so, and writes why and which test it was into the file that `KEYWRIGHT_SKIPS` names: a line, with a tab between them.
#[expect(clippy::disallowed_methods, reason = "tests have no settings")]
pub fn skipped(why: &str) {
    eprintln!("skipped: {why}");
    let Ok(path) = std::env::var("KEYWRIGHT_SKIPS") else { return };
    let line = format!("{why}\t{}\n", std::thread::current().name().unwrap_or_default());
    // At once: other tests, and other programs of tests, write to it as well.
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
    file.write_all(line.as_bytes()).unwrap();
}

//! A disk that is full, told by a bound on how large a file may become (`RLIMIT_FSIZE`): what was acknowledged is stored,
//! what cannot be stored is refused, reading goes on, and with room again so does everything else.

use crate::support::program::{Program, Told};
use std::path::Path;
use std::process::Command;

const ALICE: &str = "alice@example.com";
/// Sign-ups after which even a large rest of a file is used up.
const MOST: usize = 400;

/// A program that is told by an error that a file may not grow, instead of being ended by a signal.
fn start(folder: &Path) -> Program {
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$0\" serve", env!("CARGO_BIN_EXE_keywright")]);
    Program::start_by(command, folder, &[("KEYWRIGHT_DATABASE_URL", crate::support::database_url(folder).as_str())])
}

/// How large files of the program may become from now on.
fn bound_files(program: &Program, bytes: &str) {
    // The hard limit stays, so whoever set the soft one may take it back.
    let process = program.child.id().to_string();
    let bound = Command::new("prlimit").args(["--pid", &process, &format!("--fsize={bytes}:")]).status().unwrap();
    assert!(bound.success());
}

fn expect_refused(told: &Told) {
    assert_eq!((told.status, told.code().as_str()), (503, "unavailable"), "{}", told.body);
    assert!(!told.retry_after.is_empty());
}

#[test]
fn nothing_is_acknowledged_that_a_full_disk_does_not_hold_and_reading_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let program = start(folder.path());
    assert_eq!(program.sign_up(ALICE).status, 202);
    program.verify(ALICE);
    let signed_in = program.sign_in(ALICE);
    let (cookie, access_token) = (signed_in.cookie.clone().unwrap(), signed_in.access_token());

    let size = |name: &str| std::fs::metadata(folder.path().join(name)).map_or(0, |file| file.len());
    let room = size("test.db").max(size("test.db-wal")) + 256 * 1024;
    bound_files(&program, &room.to_string());
    let mut acknowledged = Vec::new();
    let refused = (0..MOST).find_map(|number| {
        let email = format!("person{number}@example.com");
        let told = program.sign_up(&email);
        if told.status == 202 {
            acknowledged.push(email);
            return None;
        }
        Some(told)
    });
    expect_refused(&refused.expect("the disk is full"));
    expect_refused(&program.refresh(&cookie));
    expect_refused(&program.sign_up("late@example.com"));
    assert_eq!(program.me(&access_token).status, 200, "reading goes on");
    assert_eq!(program.page("/account/sessions", &cookie).status, 200);
    assert_eq!(program.get("/health/live", &[]).status, 200);

    bound_files(&program, "unlimited");
    assert_eq!(program.refresh(&cookie).status, 200, "with room again the session goes on");
    assert_eq!(program.sign_up("late@example.com").status, 202);
    acknowledged.push("late@example.com".to_owned());
    // Killed, not stopped: nothing is written any more that was only in memory.
    drop(program);
    let program = start(folder.path());
    for email in &acknowledged {
        program.verify(email);
        assert_eq!(program.sign_in(email).status, 200, "{email}");
    }
    assert!(acknowledged.len() > 1, "the control: some were acknowledged while there was room");
}

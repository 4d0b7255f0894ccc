//! `keywright migrate`, and a program that changes no table by itself, run as people run them.

use crate::support::database_url;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the program as an account with the least rights would.
fn run(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keywright"))
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("KEYWRIGHT_DATABASE_URL", database_url(folder))
        .env("KEYWRIGHT_MIGRATE_AT_START", "off")
        .output()
        .unwrap()
}

#[test]
fn tables_are_made_by_the_command_alone_where_the_start_may_not() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for words in [&["serve"][..], &["keys", "list"]] {
        let refused = run(folder, words);
        let said = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(1), "{said}");
        assert!(said.contains("its tables lack") && said.contains("`keywright migrate`"), "{said}");
    }
    let migrated = run(folder, &["migrate"]);
    assert_eq!(migrated.status.code(), Some(0), "{}", String::from_utf8_lossy(&migrated.stderr));
    let listed = run(folder, &["keys", "list"]);
    assert_eq!(listed.status.code(), Some(0), "{}", String::from_utf8_lossy(&listed.stderr));
}

#[test]
fn eight_programs_that_start_together_make_the_tables_once() {
    let folder = tempfile::tempdir().unwrap();
    let begin = |_| {
        Command::new(env!("CARGO_BIN_EXE_keywright"))
            .arg("migrate")
            .current_dir(folder.path())
            .env_clear()
            .env("KEYWRIGHT_DATABASE_URL", database_url(folder.path()))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let programs: Vec<_> = (0..8).map(begin).collect();
    for program in programs {
        let done = program.wait_with_output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

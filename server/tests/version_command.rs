//! `keywright --version`, run as people and scripts run it.

use std::path::Path;
use std::process::{Command, Output};

/// Runs the program where nothing else would: its settings are refused.
fn run(folder: &Path, word: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywright"));
    command.arg(word).current_dir(folder).env_clear().env("KEYWRIGHT_MODE", "nonsense").output().unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

/// The number of the newest migration in the tree.
fn newest_migration() -> u32 {
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../auth/migrations")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| name.split_once('_')?.0.parse().ok()).max().unwrap()
}

#[test]
fn it_says_which_version_it_is_whatever_its_settings_are() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let expected = format!("keywright {} (newest migration {})\n", env!("CARGO_PKG_VERSION"), newest_migration());
    for word in ["--version", "-V"] {
        let told = run(folder, word);
        assert_eq!((told.status.code(), text(told.stdout)), (Some(0), expected.clone()), "{word}");
        assert_eq!(text(told.stderr), "", "{word}");
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "nothing is made for it");
    let refused = run(folder, "--versions");
    assert_eq!((refused.status.code(), text(refused.stdout)), (Some(2), String::new()), "the control");
    assert!(text(refused.stderr).contains("  keywright --version  "), "the help tells of it");
}

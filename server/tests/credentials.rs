//! Secrets that systemd hands over, as a service gets them: files in a folder that a variable names.

use crate::support::database_url;
use std::path::Path;
use std::process::{Command, Output};

const KEY: &str = "q3Vw0mZ5sT8yLk2XbN7cRjH4fGdE9aPuOi6KvQzWtYs=";
const OTHER: &str = "Yt4Wz0QvK6iOuPa9EdGf4HjRc7NbX2kLy8Ts5Zm0wVs=";

/// Lists the keys of the database in a folder, which needs the master key.
fn list_keys(folder: &Path, credentials: &Path, settings: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keywright"))
        .args(["keys", "list"])
        .current_dir(folder)
        .env_clear()
        .env("KEYWRIGHT_DATABASE_URL", database_url(folder))
        .env("CREDENTIALS_DIRECTORY", credentials)
        .envs(settings.iter().copied())
        .output()
        .unwrap()
}

/// What a program says that does not do it.
fn refusal(output: &Output) -> String {
    let words = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(!words.contains(KEY) && !words.contains(OTHER), "{words}");
    words
}

#[test]
fn a_service_has_its_master_key_from_systemd() {
    let (folder, credentials) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (folder, credentials) = (folder.path(), credentials.path());
    let file = credentials.join("keywright.master_key");
    std::fs::write(&file, format!("{KEY}\n")).unwrap();
    std::fs::write(credentials.join("postgres.password"), "of somebody else").unwrap();
    for _ in 0..2 {
        let output = list_keys(folder, credentials, &[]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(!folder.join("master.key").exists(), "none was made");
    std::fs::write(&file, OTHER).unwrap();
    let words = refusal(&list_keys(folder, credentials, &[]));
    assert!(words.contains("cannot be opened"), "the key was that of the credential: {words}");
}

#[test]
fn a_secret_of_systemd_is_set_nowhere_else_and_has_a_known_name() {
    let (folder, credentials) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (folder, credentials) = (folder.path(), credentials.path());
    std::fs::write(credentials.join("keywright.master_key"), KEY).unwrap();
    let words = refusal(&list_keys(folder, credentials, &[("KEYWRIGHT_MASTER_KEY", OTHER)]));
    assert!(words.contains("master_key is set twice: by the environment and by the credential"), "{words}");
    std::fs::write(folder.join("keywright.toml"), format!("master_key = '{OTHER}'\n")).unwrap();
    let words = refusal(&list_keys(folder, credentials, &[]));
    assert!(words.contains("master_key is set twice: by keywright.toml"), "{words}");
    std::fs::remove_file(folder.join("keywright.toml")).unwrap();
    std::fs::write(credentials.join("keywright.master_kye"), OTHER).unwrap();
    let words = refusal(&list_keys(folder, credentials, &[]));
    assert!(words.contains("did you mean master_key?"), "{words}");
    let words = refusal(&list_keys(folder, &credentials.join("nowhere"), &[]));
    assert!(words.contains("CREDENTIALS_DIRECTORY names no folder"), "{words}");
    assert!(!folder.join("test.db").exists(), "nothing was begun");
}

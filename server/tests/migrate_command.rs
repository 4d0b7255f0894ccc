//! `keywright migrate`, and a program that changes no table by itself, run as people run them.

use crate::support::database_url;
use sqlx::{AnyConnection, Connection, Executor};
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

/// Copies that lie beside the file.
fn copies(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    entries.filter(|name| name.to_string_lossy().contains(".before-migration-")).count()
}

/// Takes the tables back to where one change waits.
async fn take_back_a_change(folder: &Path) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(&database_url(folder)).await.unwrap();
    connection.execute("DROP TABLE backup_marks").await.unwrap();
    connection.execute("DELETE FROM _sqlx_migrations WHERE version = 39").await.unwrap();
    connection.close().await.unwrap();
}

/// What is said, and the exit code.
fn said(folder: &Path, words: &[&str], more: &[(&str, &str)]) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywright"));
    command.args(words).current_dir(folder).env_clear().env("KEYWRIGHT_DATABASE_URL", database_url(folder));
    let output = command.envs(more.iter().copied()).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).unwrap(), output.status.code())
}

#[tokio::test]
async fn a_check_says_what_would_be_done_and_a_copy_is_taken_before_it_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (told, code) = said(folder, &["migrate", "--check"], &[]);
    assert_eq!(code, Some(3), "{told}");
    assert!(told.contains("0 were made") && told.contains("nothing yet"), "{told}");
    assert!(!folder.join("test.db").exists(), "a check makes no file");
    assert_eq!(said(folder, &["migrate"], &[]).1, Some(0));
    assert_eq!(copies(folder), 0, "of nothing there is no copy");
    assert_eq!(said(folder, &["migrate", "--check"], &[]), ("The database is up to date.\n".to_owned(), Some(0)));

    take_back_a_change(folder).await;
    let (told, code) = said(folder, &["migrate", "--check"], &[]);
    assert_eq!(code, Some(3), "{told}");
    assert!(
        told.contains("1 wait") && told.contains("0039 backups") && told.contains("copied beside itself"),
        "{told}"
    );
    assert_eq!(copies(folder), 0, "a check changes nothing");

    // What cannot be backed up is not changed.
    std::fs::write(folder.join("file"), "").unwrap();
    let recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    let nowhere = [("KEYWRIGHT_BACKUP_PLACE", "file/backups"), ("KEYWRIGHT_BACKUP_RECIPIENT", recipient)];
    let (told, code) = said(folder, &["migrate"], &nowhere);
    assert!(code == Some(1) && told.contains("nothing was changed"), "{told}");
    assert_eq!(said(folder, &["migrate", "--check"], &[]).1, Some(3));

    let (told, code) = said(folder, &["migrate"], &[]);
    assert!(code == Some(0) && told.contains("A backup was taken before"), "{told}");
    assert_eq!(copies(folder), 1);
    take_back_a_change(folder).await;
    let place = [("KEYWRIGHT_BACKUP_PLACE", "backups"), ("KEYWRIGHT_BACKUP_RECIPIENT", recipient)];
    let (told, _) = said(folder, &["keys", "list"], &place);
    assert_eq!(std::fs::read_dir(folder.join("backups")).unwrap().count(), 1, "a start does the same: {told}");
    take_back_a_change(folder).await;
    assert_eq!(said(folder, &["migrate"], &[("KEYWRIGHT_BACKUP_BEFORE_MIGRATION", "off")]).1, Some(0));
    assert_eq!(copies(folder), 1, "unless told otherwise");
}

#[tokio::test]
async fn a_check_tells_tables_that_were_added_to_from_those_that_need_a_newer_version() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(said(folder, &["migrate"], &[]).1, Some(0));
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(&database_url(folder)).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 SELECT 99999, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
    connection.execute(newer).await.unwrap();
    let (told, code) = said(folder, &["migrate", "--check"], &[]);
    assert!(code == Some(0) && told.contains("made 1 changes") && told.contains("up to date"), "{told}");
    assert_eq!(said(folder, &["migrate"], &[]).1, Some(0));
    connection.execute("UPDATE schema_floor SET version = 99999").await.unwrap();
    let (told, code) = said(folder, &["migrate", "--check"], &[]);
    assert!(code == Some(1) && told.contains("know change 99999"), "{told}");
    connection.close().await.unwrap();
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

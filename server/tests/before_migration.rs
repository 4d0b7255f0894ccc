//! What comes before tables are changed, with the real program on both databases: of several that start together one takes the
//! backup, one with the wrong master key changes nothing, and production insists on a place for the backup.

use crate::support::database_url;
use crate::support::postgres::{on_server, postgres};
use crate::support::skipped::{NO_POSTGRES, skipped};
use sqlx::{AnyConnection, Connection, Executor};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const MASTER_KEY: &str = "bXk0c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1oZXJlISE=";
const ANOTHER_KEY: &str = "bXk0c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1oZXJlISI=";
const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const PROGRAMS: usize = 4;

/// A database that was used, whose tables wait for one change, and a folder to run programs in.
struct Site {
    folder: tempfile::TempDir,
    url: String,
}

impl Site {
    async fn on(url: impl FnOnce(&Path) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = url(folder.path());
        let site = Self { folder, url };
        // The engine makes keys, so that the database has a master key.
        assert_eq!(text(&site.run(&["keys", "list"], &[])).1, Some(0));
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(&site.url).await.unwrap();
        connection.execute("DROP TABLE backup_marks").await.unwrap();
        connection.execute("DELETE FROM _sqlx_migrations WHERE version = 39").await.unwrap();
        connection.close().await.unwrap();
        site
    }

    fn command(&self, words: &[&str], more: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keywright"));
        command
            .args(words)
            .current_dir(self.folder.path())
            .env_clear()
            .env("KEYWRIGHT_DATABASE_URL", &self.url)
            .env("KEYWRIGHT_MASTER_KEY", MASTER_KEY)
            .env("KEYWRIGHT_BACKUP_WORK_FOLDER", self.folder.path().join("work"))
            .envs(more.iter().copied());
        command
    }

    fn run(&self, words: &[&str], more: &[(&str, &str)]) -> Output {
        self.command(words, more).output().unwrap()
    }

    fn place(&self) -> PathBuf {
        self.folder.path().join("backups")
    }

    /// Backups in their place.
    fn backups(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.place()) else { return Vec::new() };
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// Whether the change still waits.
    fn waits(&self) -> bool {
        text(&self.run(&["migrate", "--check"], &[])).1 == Some(3)
    }
}

/// What is said, and the exit code.
fn text(output: &Output) -> (String, Option<i32>) {
    let said = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    (String::from_utf8(said).unwrap(), output.status.code())
}

/// Whoever took one says so: names are to the second, so files alone would not tell two.
fn one_takes_the_backup(site: &Site) {
    let settings = [("KEYWRIGHT_BACKUP_PLACE", "backups"), ("KEYWRIGHT_BACKUP_RECIPIENT", RECIPIENT)];
    let begin = |_| {
        let mut command = site.command(&["migrate"], &settings);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let programs: Vec<_> = (0..PROGRAMS).map(begin).collect();
    let told: Vec<_> = programs.into_iter().map(|program| text(&program.wait_with_output().unwrap())).collect();
    assert!(told.iter().all(|(said, code)| *code == Some(0) && said.contains("is up to date")), "{told:?}");
    let took = told.iter().filter(|(said, _)| said.contains("A backup was taken before")).count();
    assert_eq!(took, 1, "{told:?}");
    let backups = site.backups();
    assert!(backups.len() == 1 && backups[0].ends_with("-before-0039.backup"), "{backups:?}");
    assert!(!site.waits());
}

/// What a unit of systemd goes by: a start that took a backup and failed at the tables is not repeated.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_fails_ends_with_a_code_of_its_own_after_one_backup() {
    let site = Site::on(database_url).await;
    let mut connection = AnyConnection::connect(&site.url).await.unwrap();
    connection.execute("CREATE TABLE backup_marks (in_the_way INTEGER)").await.unwrap();
    let settings = [("KEYWRIGHT_BACKUP_PLACE", "backups"), ("KEYWRIGHT_BACKUP_RECIPIENT", RECIPIENT)];
    let (said, code) = text(&site.run(&["serve"], &settings));
    assert!(code == Some(78) && said.contains("a backup of before was taken"), "{code:?} {said}");
    assert_eq!(site.backups().len(), 1);
    // Without a backup it may be tried again and again.
    let without = [&settings[..], &[("KEYWRIGHT_BACKUP_BEFORE_MIGRATION", "off")]].concat();
    let (said, code) = text(&site.run(&["serve"], &without));
    assert!(code == Some(1) && site.backups().len() == 1, "{code:?} {said}");
    connection.execute("DROP TABLE backup_marks").await.unwrap();
    connection.close().await.unwrap();
    assert_eq!(text(&site.run(&["migrate"], &settings)).1, Some(0));
}

fn a_wrong_key_changes_nothing(site: &Site) {
    let settings = [("KEYWRIGHT_BACKUP_PLACE", "backups"), ("KEYWRIGHT_BACKUP_RECIPIENT", RECIPIENT)];
    // A start that is not refused ends there: somebody else listens.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let wrong = [&settings[..], &[("KEYWRIGHT_MASTER_KEY", ANOTHER_KEY), ("KEYWRIGHT_LISTEN", &listen)]].concat();
    let without = [&wrong[..], &[("KEYWRIGHT_BACKUP_BEFORE_MIGRATION", "off")]].concat();
    for settings in [&wrong, &without] {
        for words in [&["serve"][..], &["migrate"], &["keys", "list"]] {
            let (said, code) = text(&site.run(words, settings));
            assert!(code == Some(1) && said.contains("master_key_missing"), "{words:?}: {said}");
            assert!(site.waits(), "{words:?} changed a table");
            assert!(site.backups().is_empty(), "{words:?} took a backup that it cannot vouch for");
        }
    }
    // The control.
    assert_eq!(text(&site.run(&["keys", "list"], &settings)).1, Some(0));
    assert!(!site.waits());
    assert_eq!(site.backups().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_programs_that_start_together_one_takes_the_backup_on_sqlite() {
    one_takes_the_backup(&Site::on(database_url).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_programs_that_start_together_one_takes_the_backup_on_postgresql() {
    let Some((server, name, url)) = postgres("together").await else { return skipped(NO_POSTGRES) };
    one_takes_the_backup(&Site::on(|_| url).await);
    on_server(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_with_the_wrong_master_key_changes_no_table_on_sqlite() {
    a_wrong_key_changes_nothing(&Site::on(database_url).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_with_the_wrong_master_key_changes_no_table_on_postgresql() {
    let Some((server, name, url)) = postgres("wrong_key").await else { return skipped(NO_POSTGRES) };
    a_wrong_key_changes_nothing(&Site::on(|_| url).await);
    on_server(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

fn production_insists_on_a_place(site: &Site) {
    let production = [
        ("KEYWRIGHT_MODE", "production"),
        ("KEYWRIGHT_PUBLIC_URL", "https://id.example.com"),
        ("KEYWRIGHT_SMTP_URL", "smtps://mail.example.com"),
        ("KEYWRIGHT_MAIL_FROM", "no-reply@example.com"),
    ];
    for words in [&["migrate"][..], &["keys", "list"]] {
        let (said, code) = text(&site.run(words, &production));
        assert!(code == Some(1) && said.contains("set backup_place and backup_recipient"), "{words:?}: {said}");
    }
    let (said, code) = text(&site.run(&["migrate", "--check"], &production));
    assert!(code == Some(3) && said.contains("It would be refused"), "{said}");
    // The controls: who says so goes on without, and nothing that waits needs no place.
    let off = [&production[..], &[("KEYWRIGHT_BACKUP_BEFORE_MIGRATION", "off")]].concat();
    let (said, code) = text(&site.run(&["migrate"], &off));
    assert!(code == Some(0) && !said.contains("A backup was taken"), "{said}");
    assert_eq!(text(&site.run(&["migrate"], &production)).1, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn production_changes_no_tables_of_postgresql_without_a_place_for_the_backup() {
    let Some((server, name, url)) = postgres("no_place").await else { return skipped(NO_POSTGRES) };
    production_insists_on_a_place(&Site::on(|_| url).await);
    on_server(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn production_changes_no_file_that_it_cannot_copy_without_a_place_for_the_backup() {
    production_insists_on_a_place(
        &Site::on(|folder| format!("sqlite://{}/my%20data.db?mode=rwc", folder.display())).await,
    );
}

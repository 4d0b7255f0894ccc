//! A PostgreSQL whose disk is really full, that of its tables and that of its write-ahead log: what was acknowledged is stored,
//! what cannot be stored is refused, and with room again everything goes on.

use crate::support::program::{Program, Told};
use crate::support::skipped::skipped;
use crate::support::small_disk::{Part, SmallDisk};
use sqlx::{AnyConnection, Connection as _, Executor as _};

const ALICE: &str = "alice@example.com";
const LATE: &str = "late@example.com";
/// Sign-ups while there is room.
const FIRST: usize = 5;
/// Sign-ups after which even a large rest of a file is used up.
const MOST: usize = 400;
/// Uses up the files of the log that are there already, and most of the last one. PostgreSQL makes a new one after that.
const USE_UP_LOG: &str = "DO $$ BEGIN \
     WHILE (SELECT COUNT(*) FROM pg_ls_waldir() WHERE name LIKE '0000%' \
            AND name > pg_walfile_name(pg_current_wal_insert_lsn())) > 0 LOOP \
         PERFORM pg_logical_emit_message(false, 'rest', 'x'); \
         PERFORM pg_switch_wal(); \
     END LOOP; \
     PERFORM pg_logical_emit_message(false, 'rest', repeat('x', 700000)); \
     END $$";
const END_CONNECTIONS: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
     WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";

/// People whose sign-up was acknowledged.
struct Acknowledged(Vec<String>);

impl Acknowledged {
    /// Signs so many people up; ends early with what the first one was told who was refused.
    fn sign_up(&mut self, program: &Program, people: usize) -> Option<Told> {
        for _ in 0..people {
            let email = format!("person{}@example.com", self.0.len());
            let told = program.sign_up(&email);
            if told.status != 202 {
                return Some(told);
            }
            self.0.push(email);
        }
        None
    }

    /// Everybody is there: their mail arrives, and they sign in.
    fn are_all_there(&self, program: &Program) {
        for email in &self.0 {
            program.verify(email);
            assert_eq!(program.sign_in(email).status, 200, "{email}");
        }
    }
}

fn expect_refused(told: &Told) {
    assert_eq!((told.status, told.code().as_str()), (503, "unavailable"), "{}", told.body);
    assert!(!told.retry_after.is_empty());
}

/// A program on this database, and the cookie and access token of somebody who is signed in.
fn begin(folder: &std::path::Path, url: &str) -> (Program, String, String) {
    let program = Program::start(folder, &[("KEYWRIGHT_DATABASE_URL", url)]);
    assert_eq!(program.sign_up(ALICE).status, 202);
    program.verify(ALICE);
    let signed_in = program.sign_in(ALICE);
    (program, signed_in.cookie.clone().unwrap(), signed_in.access_token())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgresql_without_room_for_its_tables_acknowledges_nothing_that_it_does_not_hold() {
    let small = match SmallDisk::start(Part::Tables).unwrap() {
        Ok(small) => small,
        Err(why) => return skipped(why),
    };
    let (folder, url) = (tempfile::tempdir().unwrap(), small.cluster.url());
    let (mut program, cookie, access_token) = begin(folder.path(), &url);
    sqlx::any::install_default_drivers();
    let mut own = AnyConnection::connect(&url).await.unwrap();
    let mut acknowledged = Acknowledged(Vec::new());
    assert!(acknowledged.sign_up(&program, FIRST).is_none(), "there is room");

    small.fill();
    expect_refused(&acknowledged.sign_up(&program, MOST).expect("the control: the disk is full"));
    expect_refused(&program.sign_up(LATE));
    assert_eq!(program.me(&access_token).status, 200, "reading goes on");
    assert_eq!(program.get("/health/live", &[]).status, 200);
    // Who connects anew while PostgreSQL has to write for that hears an internal error from it, and passes none on.
    small.forget_init_files();
    own.execute(END_CONNECTIONS).await.unwrap();
    program.wait_until("/health/ready", 503);
    expect_refused(&program.sign_up(LATE));
    expect_refused(&program.refresh(&cookie));

    small.make_room();
    program.wait_until("/health/ready", 200);
    assert_eq!(program.refresh(&cookie).status, 200, "with room again the session goes on");
    assert_eq!(program.sign_up(LATE).status, 202);
    acknowledged.0.push(LATE.to_owned());
    // As in a crash: nothing is written any more that was only in memory.
    small.cluster.stop("immediate").unwrap();
    program.wait_until("/health/ready", 503);
    small.cluster.go_on().unwrap();
    program.wait_until("/health/ready", 200);
    acknowledged.are_all_there(&program);
    assert!(program.is_running(), "by itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgresql_that_ends_for_want_of_room_for_its_log_has_all_that_was_acknowledged() {
    let small = match SmallDisk::start(Part::Log).unwrap() {
        Ok(small) => small,
        Err(why) => return skipped(why),
    };
    let (folder, url) = (tempfile::tempdir().unwrap(), small.cluster.url());
    let (mut program, cookie, _) = begin(folder.path(), &url);
    sqlx::any::install_default_drivers();
    let mut own = AnyConnection::connect(&url).await.unwrap();
    let mut acknowledged = Acknowledged(Vec::new());
    assert!(acknowledged.sign_up(&program, FIRST).is_none(), "there is room");

    small.fill();
    own.execute(USE_UP_LOG).await.unwrap();
    expect_refused(&acknowledged.sign_up(&program, MOST).expect("the control: the disk is full"));
    small.wait_until_ended();
    assert!(small.cluster.go_on().is_err(), "the control: it does not start without room");
    expect_refused(&program.sign_up(LATE));
    expect_refused(&program.refresh(&cookie));
    assert_eq!(program.get("/health/live", &[]).status, 200);

    small.make_room();
    small.cluster.go_on().unwrap();
    program.wait_until("/health/ready", 200);
    assert_eq!(program.refresh(&cookie).status, 200, "with room again the session goes on");
    assert_eq!(program.sign_up(LATE).status, 202);
    acknowledged.0.push(LATE.to_owned());
    acknowledged.are_all_there(&program);
    assert!(program.is_running(), "by itself");
}

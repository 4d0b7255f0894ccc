//! Stories of a database that is gone for a while, with the program in a process of its own: everybody is told to come back,
//! nobody is signed out, and nobody has to start anything again.

use crate::support::cluster::Cluster;
use crate::support::database_url;
use crate::support::program::{Program, Told};
use crate::support::skipped::{NO_CLUSTER, skipped};
use sqlx::{AnyConnection, Connection as _, Executor as _};
use std::time::{Duration, Instant};

const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";

/// Whether it is a refusal that passes, for programs.
fn comes_later(told: &Told, codes: &[&str]) {
    assert_eq!(told.status, 503, "{}", told.body);
    assert!(codes.contains(&told.code().as_str()), "{}", told.body);
    assert!(told.retry_after.parse::<u32>().is_ok_and(|seconds| seconds > 0), "{:?}", told.retry_after);
}

#[test]
fn a_postgresql_that_is_stopped_and_started_again_signs_nobody_out() {
    let Some(cluster) = Cluster::start("-c fsync=off").unwrap() else {
        return skipped(NO_CLUSTER);
    };
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path(), &[("KEYWRIGHT_DATABASE_URL", cluster.url().as_str())]);
    assert_eq!(program.sign_up(ALICE).status, 202);
    program.verify(ALICE);
    let signed_in = program.sign_in(ALICE);
    let (cookie, access_token) = (signed_in.cookie.clone().unwrap(), signed_in.access_token());
    for mode in ["fast", "immediate"] {
        cluster.stop(mode).unwrap();
        program.wait_until("/health/ready", 503);
        assert!(!program.get("/health/ready", &[]).retry_after.is_empty());
        for _ in 0..3 {
            let asked = Instant::now();
            comes_later(&program.refresh(&cookie), &["unavailable"]);
            comes_later(&program.sign_in(ALICE), &["unavailable"]);
            comes_later(&program.sign_up(BOB), &["unavailable"]);
            comes_later(&program.me(&access_token), &["unavailable"]);
            let page = program.page("/dashboard", &cookie);
            assert_eq!((page.status, page.retry_after.as_str()), (503, "5"));
            assert!(page.body.contains("<h1>") && page.body.contains("You stay signed in"), "{}", page.body);
            assert_eq!(program.page("/sign-in", "").status, 200, "what needs no database is there");
            assert_eq!(program.get("/health/live", &[]).status, 200);
            assert!(asked.elapsed() < Duration::from_secs(15), "nobody waits for long: {:?}", asked.elapsed());
        }
        cluster.go_on().unwrap();
        program.wait_until("/health/ready", 200);
        assert_eq!(program.refresh(&cookie).status, 200, "the session goes on");
        assert_eq!(program.sign_in(ALICE).status, 200);
        assert!(program.is_running(), "by itself");
    }
    assert_eq!(program.sign_up(BOB).status, 202);
    program.verify(BOB);
}

#[test]
fn who_repeats_a_refresh_after_an_outage_that_was_longer_than_the_grace_is_no_thief() {
    let Some(cluster) = Cluster::start("-c fsync=off").unwrap() else {
        return skipped(NO_CLUSTER);
    };
    let folder = tempfile::tempdir().unwrap();
    let url = cluster.url();
    let settings = [("KEYWRIGHT_DATABASE_URL", url.as_str()), ("KEYWRIGHT_ROTATION_GRACE_SECONDS", "5")];
    let program = Program::start(folder.path(), &settings);
    assert_eq!(program.sign_up(ALICE).status, 202);
    program.verify(ALICE);
    let (cookie, other) = (program.sign_in(ALICE).cookie.unwrap(), program.sign_in(ALICE).cookie.unwrap());
    let asked = Instant::now();
    assert_eq!(program.refresh(&cookie).status, 200, "an answer that her browser never got");
    cluster.stop("immediate").unwrap();
    program.wait_until("/health/ready", 503);
    std::thread::sleep(Duration::from_secs(8).saturating_sub(asked.elapsed()));
    cluster.go_on().unwrap();
    program.wait_until("/health/ready", 200);
    assert!(asked.elapsed() > Duration::from_secs(7), "the grace was over before");
    assert_eq!(program.refresh(&cookie).status, 200, "she asks again, and goes on");

    assert_eq!(program.refresh(&other).status, 200);
    let rotated = Instant::now();
    // What was not counted, and the grace.
    std::thread::sleep(Duration::from_secs(20).saturating_sub(rotated.elapsed()));
    assert_eq!(program.refresh(&other).status, 401, "the control: who comes later has copied it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_another_program_locks_is_read_and_written_later() {
    let folder = tempfile::tempdir().unwrap();
    let url = database_url(folder.path());
    let program = Program::start(folder.path(), &[("KEYWRIGHT_DATABASE_URL", url.as_str())]);
    assert_eq!(program.sign_up(ALICE).status, 202);
    program.verify(ALICE);
    let signed_in = program.sign_in(ALICE);
    let (cookie, access_token) = (signed_in.cookie.clone().unwrap(), signed_in.access_token());
    sqlx::any::install_default_drivers();
    let mut keeper = AnyConnection::connect(&url).await.unwrap();
    keeper.execute("BEGIN IMMEDIATE").await.unwrap();
    comes_later(&program.sign_up(BOB), &["busy"]);
    comes_later(&program.refresh(&cookie), &["busy"]);
    assert_eq!(program.me(&access_token).status, 200, "reading goes on");
    assert_eq!(program.page("/account/sessions", &cookie).status, 200);
    assert_eq!(program.get("/health/live", &[]).status, 200);
    keeper.execute("ROLLBACK").await.unwrap();
    keeper.close().await.unwrap();
    assert_eq!(program.refresh(&cookie).status, 200);
    assert_eq!(program.sign_up(BOB).status, 202);
}

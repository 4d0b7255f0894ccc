//! Stories of a database that is gone for a while, with the program in a process of its own: everybody is told to come back,
//! nobody is signed out, and nobody has to start anything again.

use crate::support::cluster::Cluster;
use crate::support::database_url;
use crate::support::program::{Program, Told};
use crate::support::skipped::{NO_CLUSTER, skipped};
use sqlx::{AnyConnection, Connection as _, Executor as _, Row as _};
use std::time::{Duration, Instant};

const ALICE: &str = "alice@example.com";
const BOB: &str = "bob@example.com";
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
/// How long it may take until everything is as before, on a machine that is busy.
const SOON: Duration = Duration::from_secs(10);
/// How many nodes hear what others tell.
const LISTENERS: &str = "SELECT CAST(COUNT(*) AS BIGINT) AS number FROM pg_stat_activity WHERE query LIKE 'LISTEN%'";

/// Whether it is a refusal that passes, for programs.
fn comes_later(told: &Told, codes: &[&str]) {
    assert_eq!(told.status, 503, "{}", told.body);
    assert!(codes.contains(&told.code().as_str()), "{}", told.body);
    assert!(told.retry_after.parse::<u32>().is_ok_and(|seconds| seconds > 0), "{:?}", told.retry_after);
}

/// What somebody with this cookie and this access token hears while there is no database: soon, and that it passes.
fn hears_to_come_later(program: &Program, cookie: &str, access_token: &str) {
    let asked = Instant::now();
    comes_later(&program.refresh(cookie), &["unavailable"]);
    comes_later(&program.sign_in(ALICE), &["unavailable"]);
    comes_later(&program.sign_up(BOB), &["unavailable"]);
    comes_later(&program.me(access_token), &["unavailable"]);
    let page = program.page("/dashboard", cookie);
    assert_eq!((page.status, page.retry_after.as_str()), (503, "5"));
    assert!(page.body.contains("<h1>") && page.body.contains("You stay signed in"), "{}", page.body);
    assert_eq!(program.page("/sign-in", "").status, 200, "what needs no database is there");
    assert_eq!(program.get("/health/live", &[]).status, 200);
    let ready = program.get("/health/ready", &[]);
    assert!(ready.status == 503 && !ready.retry_after.is_empty(), "{}", ready.status);
    // All of them within the deadline of one.
    assert!(asked.elapsed() < Duration::from_secs(15), "nobody waits for long: {:?}", asked.elapsed());
}

/// Waits until so many nodes hear each other.
async fn until_heard_by(url: &str, nodes: i64) {
    let begun = Instant::now();
    let mut connection = AnyConnection::connect(url).await.unwrap();
    while connection.fetch_one(LISTENERS).await.unwrap().get::<i64, _>("number") != nodes {
        assert!(begun.elapsed() < SOON, "not every node listens");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    connection.close().await.unwrap();
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
        for _ in 0..3 {
            hears_to_come_later(&program, &cookie, &access_token);
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_wait_a_minute_for_their_postgresql_and_hear_each_other_again() {
    let Some(cluster) = Cluster::start("-c fsync=off").unwrap() else {
        return skipped(NO_CLUSTER);
    };
    sqlx::any::install_default_drivers();
    let (folder, url) = (tempfile::tempdir().unwrap(), cluster.url());
    let settings = [("KEYWRIGHT_DATABASE_URL", url.as_str())];
    // One after the other: the first makes the master key of this folder.
    let mut nodes = [Program::start(folder.path(), &settings), Program::start(folder.path(), &settings)];
    assert_eq!(nodes[0].sign_up(ALICE).status, 202);
    nodes[0].verify(ALICE);
    let (own, other) = (nodes[0].sign_in(ALICE), nodes[0].sign_in(ALICE));
    let (cookie, access_token) = (own.cookie.clone().unwrap(), own.access_token());
    until_heard_by(&url, 2).await;
    assert_eq!(nodes[0].refresh(&cookie).status, 200, "an answer that her browser never got");
    cluster.stop("fast").unwrap();
    let gone = Instant::now();
    for node in &nodes {
        node.wait_until("/health/ready", 503);
    }
    while gone.elapsed() < MINUTE {
        for node in &nodes {
            hears_to_come_later(node, &cookie, &access_token);
        }
        tokio::time::sleep(SECOND).await;
    }
    cluster.go_on().unwrap();
    let back = Instant::now();
    for node in &nodes {
        node.wait_until("/health/ready", 200);
    }
    until_heard_by(&url, 2).await;
    assert!(back.elapsed() < SOON, "it took them {:?}", back.elapsed());
    assert!(nodes.iter_mut().all(Program::is_running), "by themselves");

    assert_eq!(nodes[1].refresh(&cookie).status, 200, "twice the grace later she asks again, and goes on");
    let (other_cookie, other_token) = (other.cookie.clone().unwrap(), other.access_token());
    assert_eq!(nodes[1].me(&other_token).status, 200);
    assert_eq!(nodes[0].sign_out(&other_cookie).status, 204);
    let ended = Instant::now();
    while nodes[1].me(&other_token).status != 401 {
        assert!(ended.elapsed() < SECOND, "what one node ends is over on the other one within a second");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(nodes[1].me(&access_token).status, 200, "and no other");
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

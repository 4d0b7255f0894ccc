//! The door on a real socket: slow clients, crowds, heads that are too large. Each bound has its control: with a patience
//! of minutes the same client stays.

use crate::support::TestApp;
use crate::support::door::{Door, HEALTH, LONG, MINUTES, PATIENT, SHORT, dribble, open, open_for, rest};
use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use server::door::DoorLimits;
use std::future::pending;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// A request whose body does not come.
const UNSENT: &str = "POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\nx";
/// One whose answer does not.
const UNANSWERED: &str = "GET /never HTTP/1.1\r\nhost: localhost\r\n\r\n";
/// More than the buffers of a connection hold.
const LARGE: usize = 64 << 20;

/// Routes that take their time, and one with a large answer.
fn slow_routes() -> Router {
    let slow = get(|| async {
        sleep(SHORT * 2).await;
        "done"
    });
    let large = get(|| async { Body::from(vec![b'x'; LARGE]) });
    let never = get(|| async { pending::<()>().await });
    Router::new()
        .route("/slow", slow)
        .route("/large", large)
        .route("/never", never)
        .route("/echo", post(|body: String| async move { body }))
        .route("/health/live", get(|| async { "ok" }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_dribbles_is_not_waited_for_and_others_are_served_meanwhile() {
    let app = TestApp::start().await;
    let door = open(app.router(), DoorLimits { head: SHORT, ..PATIENT }).await;
    let mut slow = Vec::new();
    for _ in 0..100 {
        let head = "GET /sign-in HTTP/1.1\r\nhost: localhost\r\nx-slow: ";
        slow.push(tokio::spawn(dribble(door.connect().await, head)));
    }
    let silent = tokio::spawn(dribble(door.connect().await, ""));
    for _ in 0..5 {
        assert!(door.is_well().await, "an honest request is answered meanwhile");
    }
    for one in slow.into_iter().chain([silent]) {
        let (open, said) = one.await.unwrap();
        assert!(open < LONG && said.is_empty(), "{open:?} {said}");
    }
    let control = open(app.router(), PATIENT).await;
    let (open, _) = dribble(control.connect().await, "GET / HTTP/1.1\r\nx-slow: ").await;
    assert!(open >= LONG, "the control: without the bound it stays, but {open:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_head_of_a_connection_is_bounded_as_the_first_and_an_answer_may_take_long() {
    let door = open(slow_routes(), DoorLimits { head: SHORT, ..PATIENT }).await;
    let mut stream = door.connect().await;
    stream.write_all(b"GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut buffer = [0; 4096];
    let length = stream.read(&mut buffer).await.unwrap();
    assert!(buffer[..length].starts_with(b"HTTP/1.1 200 "), "the answer took longer than a head may");
    sleep(SHORT * 2).await;
    stream.write_all(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    assert!(stream.read(&mut buffer).await.unwrap() > 0, "an idle connection has more time than a head");
    let (open, _) = dribble(stream, "GET /slow HTTP/1.1\r\nx-slow: ").await;
    assert!(open < LONG, "{open:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_connection_is_closed() {
    for (idle, is_closed) in [(SHORT, true), (MINUTES, false)] {
        let door = open(slow_routes(), DoorLimits { idle, ..PATIENT }).await;
        let mut stream = door.connect().await;
        stream.write_all(b"GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        let mut buffer = [0; 4096];
        assert!(stream.read(&mut buffer).await.unwrap() > 0);
        let end = timeout(LONG, stream.read(&mut buffer)).await;
        assert_eq!(end.is_ok(), is_closed, "{idle:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_nothing_of_an_answer_is_let_go() {
    for (stall, is_whole) in [(SHORT, false), (MINUTES, true)] {
        let door = open(slow_routes(), DoorLimits { stall, ..PATIENT }).await;
        let mut stream = door.connect().await;
        stream.write_all(b"GET /large HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
        sleep(LONG).await;
        assert_eq!(rest(&mut stream).await.len() > LARGE, is_whole, "{stall:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_that_says_nothing_keeps_nobody_out() {
    let door = open(slow_routes(), DoorLimits { connections: 8, ..PATIENT }).await;
    let mut crowd = Vec::new();
    for _ in 0..40 {
        crowd.push(door.connect().await);
        assert!(door.is_well().await);
    }
    let mut left = 0;
    for stream in &mut crowd {
        left += usize::from(timeout(Duration::from_millis(20), stream.read(&mut [0])).await.is_err());
    }
    assert!(left <= 8, "{left} are inside");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_of_slow_clients_of_many_addresses_keeps_nobody_out() {
    let large = "GET /large HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let limits = DoorLimits { connections: 3, connections_of_address: 1, ..PATIENT };
    for (said, is_well) in [(UNSENT, true), (large, true), (UNANSWERED, false)] {
        let door = open(slow_routes(), limits).await;
        let mut crowd = door.crowd(3, said).await;
        assert_eq!(door.is_well().await, is_well, "the control: who is answered keeps a place, {said}");
        let first = timeout(SHORT, crowd[0].read(&mut [0])).await;
        if said == UNSENT {
            assert!(first.is_ok(), "the eldest of them made room");
        } else if !is_well {
            assert!(first.is_err(), "nobody is put out of an answer");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_no_place_is_told_and_nobody_is_put_out_of_an_answer() {
    let door = open(slow_routes(), DoorLimits { connections: 1, ..PATIENT }).await;
    let mut first = door.connect().await;
    first.write_all(b"GET /slow HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    sleep(SHORT / 2).await;
    let told = rest(&mut door.connect().await).await;
    assert!(told.starts_with("HTTP/1.1 503 ") && told.contains("retry-after: 5\r\n"), "{told}");
    let id = told.split("x-request-id: ").nth(1).and_then(|rest| rest.lines().next()).unwrap_or_default();
    assert!(id.len() == 32 && id.chars().all(|digit| digit.is_ascii_hexdigit()), "{told}");
    assert!(rest(&mut first).await.ends_with("done"));
    assert!(door.is_well().await, "the place is free again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_has_its_share_and_a_trusted_proxy_has_not() {
    let limits = DoorLimits { connections_of_address: 3, ..PATIENT };
    for (trusted, is_well) in [(&[][..], false), (&["127.0.0.0/8"][..], true)] {
        let door = open_for(slow_routes(), limits, trusted).await;
        let held = [door.connect().await, door.connect().await, door.connect().await];
        sleep(SHORT / 3).await;
        let mut next = door.connect().await;
        if is_well {
            next.write_all(HEALTH.as_bytes()).await.unwrap();
        }
        let said = rest(&mut next).await;
        assert_eq!(said.starts_with("HTTP/1.1 200 "), is_well, "{trusted:?} {said}");
        drop(held);
        sleep(SHORT / 3).await;
        assert!(door.is_well().await, "the places are free again");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_is_too_large_is_refused_clearly() {
    let app = TestApp::start().await;
    let door = open(app.router(), PATIENT).await;
    let get =
        |path: &str, lines: &str| format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{lines}\r\n");
    let many: String = (0..200).map(|number| format!("x-{number}: y\r\n")).collect();
    let hops = format!("x-forwarded-for: 10.0.0.1{}\r\n", ", 10.0.0.2".repeat(10_000));
    for (what, said, status) in [
        ("a long line", get("/", &format!("x: {}\r\n", "y".repeat(40_000))), "431"),
        ("a long address", get(&format!("/{}", "x".repeat(40_000)), ""), "431"),
        ("many lines", get("/", &many), "431"),
        ("ten thousand hops", get("/", &hops), "431"),
        ("an address of 20,000 letters", get(&format!("/api/v1/{}", "x".repeat(20_000)), ""), "404"),
        ("a head of 20,000 letters", get("/health/live", &format!("x: {}\r\n", "y".repeat(20_000))), "200"),
        ("no HTTP", "\u{16}\u{3}\u{1}hello\r\n\r\n".to_owned(), "400"),
    ] {
        let answer = door.say(&said).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{what}: {answer:.200}");
    }
    assert!(door.is_well().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_ends_where_it_says_and_hides_no_other() {
    let told = post(|body: String| async move { format!("[{body}]") });
    let door = open(Router::new().route("/told", told).route("/health/live", get(|| async { "ok" })), PATIENT).await;
    let chunked = "5\r\nhello\r\n0\r\n\r\n";
    let asked = |lines: &str| format!("POST /told HTTP/1.1\r\nhost: localhost\r\n{lines}\r\n{chunked}{HEALTH}");
    let answers = |said: &str| said.matches("HTTP/1.1 ").count();
    // RFC 9112, 6.3: what is chunked ends by its chunks, and nothing behind it is believed.
    for lines in [
        "content-length: 4\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 4, 5\r\n",
    ] {
        let said = door.say(&asked(lines)).await;
        assert!(said.starts_with("HTTP/1.1 200 ") && said.ends_with("[hello]"), "{lines} {said}");
        assert_eq!(answers(&said), 1, "{lines} {said}");
    }
    for lines in [
        "content-length: 4\r\ncontent-length: 5\r\n",
        "content-length: 4, 5\r\n",
        "content-length: +4\r\n",
        "content-length: -4\r\n",
        "content-length: 0x4\r\n",
        "transfer-encoding: identity\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "transfer-encoding: xchunked\r\ncontent-length: 4\r\n",
        "transfer-encoding : chunked\r\n",
    ] {
        let said = door.say(&asked(lines)).await;
        assert!(said.starts_with("HTTP/1.1 400 ") && answers(&said) == 1, "{lines} {said}");
    }
    // The control: the length alone cuts the same bytes elsewhere, and of two whole requests both are answered.
    let said = door.say(&asked("content-length: 4\r\n")).await;
    assert!(said.contains("[5\r\nh]"), "{said}");
    let said = door.say(&asked("transfer-encoding: chunked\r\n")).await;
    assert!(answers(&said) == 2 && said.ends_with("ok"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_lets_answers_end_and_nobody_in() {
    let door = open(slow_routes(), PATIENT).await;
    let _idle = door.connect().await;
    let mut asked = door.connect().await;
    asked.write_all(b"GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    sleep(SHORT / 2).await;
    door.stop.send(()).unwrap();
    assert!(rest(&mut asked).await.ends_with("done"));
    timeout(LONG, door.serving).await.expect("it stops when the last answer is given").unwrap();
    assert!(TcpStream::connect(door.address).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_waits_for_no_client() {
    let begun = "GET /health/live HTTP/1.1\r\nx-slow: ";
    for (said, is_over) in [(begun, true), (UNSENT, true), (UNANSWERED, false)] {
        let door = open(slow_routes(), PATIENT).await;
        let _crowd = door.crowd(3, said).await;
        door.stop.send(()).unwrap();
        let stopped = timeout(LONG * 2, door.serving).await;
        assert_eq!(stopped.is_ok(), is_over, "the control: an answer is waited for, {said}");
    }
}

/// The program with these bounds, and its door.
async fn program(limits: DoorLimits) -> (TestApp, Door) {
    let app = TestApp::start_with_door(limits).await;
    let door = open(app.router(), limits).await;
    (app, door)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_dribbles_is_not_waited_for() {
    let head = "POST /api/v1/sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
                content-length: 1000\r\n\r\n";
    let (_app, door) = program(DoorLimits { body: SHORT, ..PATIENT }).await;
    let (open, said) = dribble(door.connect().await, head).await;
    assert!(open < LONG && said.starts_with("HTTP/1.1 400 "), "{open:?} {said}");
    let (_app, control) = program(PATIENT).await;
    let (open, said) = dribble(control.connect().await, head).await;
    assert!(open >= LONG && said.is_empty(), "the control: {open:?} {said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_picture_of_nobody_known_is_waited_for_no_longer_than_a_form() {
    let head = "PUT /api/v1/me/avatar HTTP/1.1\r\nhost: localhost\r\ncontent-type: image/png\r\n\
                content-length: 1000\r\n\r\n";
    for (body, is_closed) in [(SHORT, true), (MINUTES, false)] {
        let (_app, door) = program(DoorLimits { body, ..PATIENT }).await;
        let (open, said) = dribble(door.connect().await, head).await;
        assert_eq!(open < LONG, is_closed, "{body:?} {open:?} {said}");
    }
}

/// The head of a request that sends a picture of a megabyte.
fn picture(more: &str) -> String {
    format!(
        "PUT /api/v1/me/avatar HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: image/png\r\n\
         content-length: 1000000\r\n{more}\r\n"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_picture_is_read_before_its_sender_is_known_and_few_of_one_person() {
    let (app, door) = program(PATIENT).await;
    app.create_account("alice@example.com").await;
    let (_, token) = app.sign_in("alice@example.com").await;
    for stranger in ["", "authorization: Bearer nonsense\r\n", "cookie: __Host-refresh=nonsense\r\n"] {
        let said = door.say(&picture(stranger)).await;
        let is_refused = said.starts_with("HTTP/1.1 401 ") || said.starts_with("HTTP/1.1 403 ");
        assert!(is_refused, "without a byte of the picture: {stranger} {said}");
    }
    let hers = picture(&format!("authorization: Bearer {token}\r\n"));
    let mut held = Vec::new();
    for _ in 0..4 {
        let mut stream = door.connect().await;
        stream.write_all(hers.as_bytes()).await.unwrap();
        let waits = timeout(SHORT / 3, stream.read(&mut [0])).await.is_err();
        assert!(waits, "the picture of somebody known is waited for");
        held.push(stream);
    }
    let fifth = door.say(&hers).await;
    assert!(fifth.starts_with("HTTP/1.1 503 ") && fifth.contains("busy"), "{fifth}");
}

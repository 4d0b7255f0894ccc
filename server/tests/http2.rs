//! HTTP/2 of the program's own: what browsers use, and what is known to bring servers down, each with its control. Clients of
//! good manners are reqwest, the others speak by hand (`support/http2.rs`).

mod turns;

use crate::support::TestApp;
use crate::support::certificates::{AUTHORITY, Files};
use crate::support::door::{LONG, MINUTES, PATIENT, SHORT};
use crate::support::http2::{
    CANCEL, CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, REFUSED_STREAM, RST_STREAM, Wire, head,
    line,
};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Uri};
use axum::routing::{get, post};
use server::door::{DoorLimits, Routes, serve};
use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// Settings in which no stream has room for an answer (RFC 9113, 6.5.2).
const NO_ROOM: [u8; 6] = [0, 4, 0, 0, 0, 0];
/// More than a window holds.
const LARGE: usize = 4 << 20;

struct Door {
    address: SocketAddr,
    /// How many asked for what never comes.
    asked: Arc<AtomicUsize>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    _files: Files,
}

async fn open_for(router: Router, limits: DoorLimits) -> Door {
    open_as(router, limits, Routes::from).await
}

async fn open_as(router: Router, limits: DoorLimits, routes: fn(Router) -> Routes) -> Door {
    let (files, asked) = (Files::with("first"), Arc::new(AtomicUsize::new(0)));
    let counter = Arc::clone(&asked);
    let never = get(move || async move {
        counter.fetch_add(1, Ordering::SeqCst);
        pending::<()>().await;
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async move {
        let _ = stopped.await;
    };
    let routes = routes(router.route("/never", never));
    let serving = tokio::spawn(serve(listener, routes, limits, Arc::from([]), Some(files.open()), stopped));
    Door { address, asked, stop, serving, _files: files }
}

/// With some routes, one of them with a large answer.
async fn open(limits: DoorLimits) -> Door {
    let slow = get(|| async {
        sleep(SHORT * 2).await;
        "done"
    });
    let told = get(|uri: Uri, headers: HeaderMap| async move { format!("{uri} {:?}", headers["host"]) });
    let router = Router::new()
        .route("/slow", slow)
        .route("/told", told)
        .route("/large", get(|| async { Body::from(vec![b'x'; LARGE]) }))
        .route("/echo", post(|body: String| async move { body }))
        .route("/health/live", get(|| async { "ok" }));
    open_for(router, limits).await
}

impl Door {
    /// A client of good manners that knows the authority.
    fn client(&self) -> reqwest::Client {
        let authority = reqwest::Certificate::from_pem(AUTHORITY).unwrap();
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([authority]);
        client.resolve("id.example.com", self.address).build().unwrap()
    }

    fn url(&self, path: &str) -> String {
        format!("https://id.example.com:{}{path}", self.address.port())
    }

    async fn wire(&self) -> Wire {
        Wire::open(self.address, &[]).await
    }

    async fn is_well(&self) -> bool {
        let answer = self.client().get(self.url("/health/live")).send().await.unwrap();
        answer.version() == reqwest::Version::HTTP_2 && answer.text().await.unwrap() == "ok"
    }

    /// Until so many asked for what never comes.
    async fn were_asked(&self, count: usize) -> bool {
        let waited = async {
            while self.asked.load(Ordering::SeqCst) < count {
                sleep(SHORT / 100).await;
            }
        };
        timeout(LONG, waited).await.is_ok()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_requests_share_a_connection_and_look_as_in_http_1() {
    let (door, before) = (open(PATIENT).await, SHORT * 2);
    let client = door.client();
    let started = Instant::now();
    let mut asked = Vec::new();
    for _ in 0..20 {
        asked.push(tokio::spawn(client.get(door.url("/slow")).send()));
    }
    for one in asked {
        let answer = one.await.unwrap().unwrap();
        assert_eq!(answer.version(), reqwest::Version::HTTP_2);
        assert_eq!(answer.text().await.unwrap(), "done");
    }
    assert!(started.elapsed() < before * 10, "none waited for another: {:?}", started.elapsed());
    let told = client.get(door.url("/told?next=/account")).send().await.unwrap().text().await.unwrap();
    assert_eq!(told, format!("/told?next=/account \"id.example.com:{}\"", door.address.port()));
    let large = client.get(door.url("/large")).send().await.unwrap();
    assert_eq!(large.content_length(), Some(LARGE as u64));
    assert_eq!(large.bytes().await.unwrap().len(), LARGE);
    let empty = client.head(door.url("/large")).send().await.unwrap();
    assert!(empty.status() == 200 && empty.bytes().await.unwrap().is_empty());
    let body = "x".repeat(1 << 20);
    assert_eq!(client.post(door.url("/echo")).body(body.clone()).send().await.unwrap().text().await.unwrap(), body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_and_the_api_are_the_same_over_http_2() {
    let app = TestApp::start().await;
    let door = open_for(app.router(), PATIENT).await;
    let client = door.client();
    let page = client.get(door.url("/sign-in?next=/account")).header("accept", "text/html").send().await.unwrap();
    assert_eq!((page.version(), page.status().as_u16()), (reqwest::Version::HTTP_2, 200));
    assert!(page.text().await.unwrap().contains("</html>"));
    let answer = client.get(door.url("/account/sessions")).header("accept", "text/html").send().await.unwrap();
    assert!(answer.url().path() == "/sign-in", "it was led to the sign-in of the same host: {}", answer.url());
    let body = serde_json::json!({"email": "nobody@example.com", "password": "wrong password"}).to_string();
    let sign_in = client.post(door.url("/api/v1/sign-in")).header("content-type", "application/json").body(body);
    let refused = sign_in.send().await.unwrap();
    assert_eq!(refused.status(), 401, "{}", refused.text().await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_are_broken_off_at_once_end_the_connection() {
    let door = open(PATIENT).await;
    let mut wire = door.wire().await;
    let mut heard = 0;
    for number in 0..300_u32 {
        let stream = 2 * number + 1;
        // Each is heard before it is broken off: so nothing but a count can stop it.
        if !wire.get(stream, "/never").await || !door.were_asked(heard + 1).await {
            break;
        }
        heard += 1;
        wire.send(RST_STREAM, 0, stream, &[0, 0, 0, CANCEL]).await;
    }
    assert!((100..=110).contains(&heard), "{heard} were heard");
    assert!(wire.is_over(LONG).await);
    assert!(door.is_well().await);

    // Twice as many: with more, the window of the connection, which is not opened again here, would be full.
    let mut patient = door.wire().await;
    for number in 0..200_u32 {
        assert!(patient.get(2 * number + 1, "/health/live").await);
        assert!(patient.first(DATA).await.is_some(), "the control: who hears the answers may ask on, {number}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_are_broken_off_unheard_end_the_connection() {
    let door = open(PATIENT).await;
    let mut wire = door.wire().await;
    let mut sent = 0;
    for number in 0..100_000_u32 {
        let stream = 2 * number + 1;
        let is_taken = wire.get(stream, "/never").await && wire.send(RST_STREAM, 0, stream, &[0, 0, 0, CANCEL]).await;
        if !is_taken {
            break;
        }
        sent += 1;
    }
    let heard = door.asked.load(Ordering::SeqCst);
    assert!(sent < 100_000 && heard <= 200, "{sent} were sent and {heard} heard");
    assert!(wire.is_over(LONG).await && door.is_well().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_without_an_end_is_not_collected() {
    let door = open(PATIENT).await;
    let mut wire = door.wire().await;
    assert!(wire.send(HEADERS, END_STREAM, 1, &head("/told")).await);
    let part: Vec<u8> = (0..10).flat_map(|_| line("x-more", 100)).collect();
    let mut sent = 0;
    while sent < 10_000 && wire.send(CONTINUATION, 0, 1, &part).await {
        sent += 1;
    }
    assert!(sent < 10_000, "ten megabytes of a head were taken");
    assert!(wire.is_over(LONG).await && door.is_well().await);

    let mut control = door.wire().await;
    assert!(control.send(HEADERS, END_STREAM, 1, &head("/told")).await);
    assert!(control.send(CONTINUATION, END_HEADERS, 1, &part).await);
    assert!(control.first(DATA).await.is_some(), "the control: a head in two parts is heard");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_is_too_large_is_refused_and_a_slow_one_is_not_waited_for() {
    let door = open(DoorLimits { head: SHORT, ..PATIENT }).await;
    let asked = |length: usize| door.client().get(door.url("/told")).header("x", "y".repeat(length)).send();
    assert_eq!(asked(20_000).await.unwrap().status(), 200, "the control");
    let large = asked(40_000).await;
    assert!(!matches!(&large, Ok(answer) if answer.status() != 431), "or the client sees the bound: {large:?}");
    let mut wire = door.wire().await;
    assert!(wire.send(HEADERS, END_STREAM, 1, &head("/told")).await);
    assert!(wire.is_over(LONG).await, "the rest of it did not come");
    let control = open(PATIENT).await;
    let mut wire = control.wire().await;
    assert!(wire.send(HEADERS, END_STREAM, 1, &head("/told")).await);
    assert!(!wire.is_over(LONG).await, "the control: who has minutes stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_has_so_many_requests_at_once_and_no_more() {
    let door = open(PATIENT).await;
    let mut wire = door.wire().await;
    for number in 0..33_u32 {
        assert!(wire.get(2 * number + 1, "/never").await);
    }
    let refused = wire.first(RST_STREAM).await.expect("the last one is refused");
    assert_eq!((refused.stream, refused.payload.as_slice()), (65, [0, 0, 0, REFUSED_STREAM].as_slice()));
    assert!(door.were_asked(32).await);
    assert!(door.is_well().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_no_room_for_an_answer_is_let_go() {
    for (stall, is_closed) in [(SHORT, true), (MINUTES, false)] {
        let door = open(DoorLimits { stall, ..PATIENT }).await;
        let mut wire = Wire::open(door.address, &NO_ROOM).await;
        assert!(wire.get(1, "/large").await);
        assert!(wire.first(HEADERS).await.is_some());
        assert_eq!(wire.is_over(LONG).await, is_closed, "{stall:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_says_nothing_makes_room_and_who_is_idle_is_closed_whatever_signs_of_life_it_gives() {
    let door = open(DoorLimits { connections: 2, idle: SHORT, ..PATIENT }).await;
    let _silent = [door.wire().await, door.wire().await];
    // A second is theirs.
    sleep(LONG).await;
    assert!(door.is_well().await, "who never asked makes room");
    for (door, is_closed) in [(door, true), (open(PATIENT).await, false)] {
        let mut idle = door.wire().await;
        assert!(idle.get(1, "/health/live").await && idle.first(DATA).await.is_some());
        let mut signs = 0;
        while signs < 50 && idle.send(PING, 0, 0, &[7; 8]).await {
            sleep(SHORT / 10).await;
            signs += 1;
        }
        assert_eq!(signs < 50, is_closed, "{signs} signs of life");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_says_so_and_lets_answers_end() {
    let door = open(PATIENT).await;
    let (mut idle, client) = (door.wire().await, door.client());
    let asked = tokio::spawn(client.get(door.url("/slow")).send());
    assert!(idle.get(1, "/health/live").await && idle.first(DATA).await.is_some());
    sleep(SHORT / 2).await;
    door.stop.send(()).unwrap();
    assert!(idle.first(GOAWAY).await.is_some());
    assert_eq!(asked.await.unwrap().unwrap().text().await.unwrap(), "done");
    timeout(LONG * 2, door.serving).await.expect("it stops when the last answer is given").unwrap();
}

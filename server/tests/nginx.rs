//! Behind a real nginx with the configuration that is shipped (`deploy/nginx`): TLS and HTTP/2, cookies, whose address people
//! have, what it bounds, and nodes that are dead or break off.

use crate::support::door::{PATIENT, open_for};
use crate::support::nginx::Nginx;
use crate::support::{PASSWORD, TestApp};
use reqwest::{Method, Response, Version};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const ALICE: &str = "alice@example.com";
/// Where her browser is.
const HOME: &str = "127.0.0.77";
/// What somebody would rather be.
const FORGED: &str = "203.0.113.66";

/// The program as it is set up behind it.
async fn program(more: &str) -> TestApp {
    let behind = "trusted_proxies = '127.0.0.1/32'\npublic_url = 'https://localhost:3000'\n";
    TestApp::start_with(&format!("{behind}{more}")).await
}

/// Signs in from [`HOME`], and says that it is elsewhere in every way there is.
async fn sign_in(nginx: &Nginx, password: &str, said: &str) -> Response {
    let body = json!({"email": ALICE, "password": password}).to_string();
    let request = nginx.client(HOME).post(nginx.url("/api/v1/sign-in")).header("content-type", "application/json");
    let request = request.header("x-forwarded-for", said).header("x-real-ip", said);
    request.header("forwarded", format!("for={said}")).body(body).send().await.unwrap()
}

async fn counted(app: &TestApp, statement: &'static str, address: &str) -> i64 {
    app.read(statement, address).await.parse().unwrap()
}

const SESSIONS: &str = "SELECT CAST(COUNT(*) AS TEXT) AS text FROM sessions WHERE address = $1";
const LINES: &str = "SELECT CAST(COUNT(*) AS TEXT) AS text FROM audit_events WHERE address = $1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_sign_in_over_http_2_and_are_where_they_are() {
    let app = program("").await;
    app.create_account(ALICE).await;
    let door = open_for(app.router(), PATIENT, &["127.0.0.1/32"]).await;
    let nginx = Nginx::before(&[door.address]);
    let answer = sign_in(&nginx, PASSWORD, FORGED).await;
    assert_eq!((answer.version(), answer.status().as_u16()), (Version::HTTP_2, 200));
    let lines: Vec<_> = answer.headers().get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    let cookie = lines.iter().find(|line| line.starts_with("__Host-refresh=")).expect("the cookie came through");
    assert!(["Secure", "HttpOnly", "Path=/"].iter().all(|word| cookie.contains(word)), "{cookie}");
    assert_eq!(answer.headers().get_all("strict-transport-security").iter().count(), 1);
    for (statement, what) in [(SESSIONS, "sessions"), (LINES, "the audit log")] {
        assert!(counted(&app, statement, HOME).await > 0, "{what}");
        assert_eq!(counted(&app, statement, FORGED).await, 0, "{what}");
    }
    let page = nginx.client(HOME).get(nginx.url("/account/sessions")).header("accept", "text/html");
    let page = page.header("sec-fetch-mode", "navigate").header("cookie", cookie.split(';').next().unwrap());
    let page = page.send().await.unwrap();
    assert_eq!((page.version(), page.status().as_u16()), (Version::HTTP_2, 200));
    assert!(page.text().await.unwrap().contains(HOME), "the session is shown with its place");

    let passes_on =
        |shipped: String| shipped.replace("X-Forwarded-For $remote_addr", "X-Forwarded-For $http_x_forwarded_for");
    let wrong = Nginx::changed(&[door.address], passes_on);
    assert_eq!(sign_in(&wrong, PASSWORD, FORGED).await.status(), 200);
    assert_eq!(counted(&app, SESSIONS, FORGED).await, 1, "the control: a proxy that passes it on is believed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_are_those_of_one_client_whatever_it_says() {
    let app = program("limits = true\n").await;
    let door = open_for(app.router(), PATIENT, &["127.0.0.1/32"]).await;
    let nginx = Nginx::before(&[door.address]);
    for left in [29, 28, 27] {
        let answer = sign_in(&nginx, "not the password", &format!("203.0.113.{left}")).await;
        let limit = answer.headers()["ratelimit"].to_str().unwrap().to_owned();
        assert!(limit.contains(&format!("\"sign-in-client\";r={left};")), "{limit}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_in_the_clear_is_led_to_https() {
    let app = program("").await;
    let door = open_for(app.router(), PATIENT, &["127.0.0.1/32"]).await;
    let nginx = Nginx::before(&[door.address]);
    let asked = nginx.client(HOME).get(nginx.plain_url("/sign-in?next=/account")).send().await.unwrap();
    assert_eq!(asked.status(), 301);
    assert_eq!(asked.headers()["location"], "https://id.example.com/sign-in?next=/account");
    let sent = nginx.client(HOME).post(nginx.plain_url("/api/v1/sign-in")).body("{}").send().await.unwrap();
    assert_eq!(sent.status(), 403, "what was sent in the clear is not asked for again");
}

/// What a node of the tests does.
#[derive(Clone, Copy, PartialEq)]
enum Node {
    Answers,
    /// Reads what it is asked, and breaks off.
    BreaksOff,
    /// Is not there.
    Dead,
}

/// The heads that nodes heard.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    /// The method and the path of each request.
    fn all(&self) -> Vec<String> {
        let line = |head: &String| head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
        self.0.lock().unwrap().iter().map(line).collect()
    }

    /// Their heads, in small letters.
    fn heads(&self) -> String {
        self.0.lock().unwrap().concat().to_ascii_lowercase()
    }
}

async fn node(kind: Node, heard: &Heard) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = heard.clone();
    if kind != Node::Dead {
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(attend(stream, kind, heard.clone()));
            }
        });
    }
    address
}

async fn attend(mut stream: TcpStream, kind: Node, heard: Heard) {
    let (mut said, mut buffer) = (Vec::new(), [0; 4096]);
    while !said.windows(4).any(|part| part == b"\r\n\r\n") {
        match stream.read(&mut buffer).await {
            Ok(length) if length > 0 => said.extend_from_slice(&buffer[..length]),
            _ => return,
        }
    }
    let said = String::from_utf8_lossy(&said).into_owned();
    heard.0.lock().unwrap().push(said);
    if kind == Node::Answers {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
        let _ = stream.write_all(answer).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_nothing_goes_on_to_another_node_and_nothing_else_is_sent_twice() {
    for (first, method, status, times) in [
        (Node::Dead, Method::GET, 200, 1),
        (Node::BreaksOff, Method::GET, 200, 2),
        (Node::Dead, Method::POST, 200, 1),
        (Node::BreaksOff, Method::POST, 503, 1),
        (Node::BreaksOff, Method::PATCH, 503, 1),
        (Node::BreaksOff, Method::PUT, 503, 1),
        (Node::BreaksOff, Method::DELETE, 503, 1),
    ] {
        let heard = Heard::default();
        let nginx = Nginx::before(&[node(first, &heard).await, node(Node::Answers, &heard).await]);
        let body = if method == Method::GET { "" } else { "{}" };
        let answer = nginx.client(HOME).request(method.clone(), nginx.url("/api/v1/me?token=hunter2"));
        let answer = if body.is_empty() { answer } else { answer.body(body) };
        let answer = answer.send().await.unwrap();
        assert_eq!((answer.status().as_u16(), heard.all().len()), (status, times), "{method}: {:?}", heard.all());
        if status == 503 {
            assert_eq!(answer.headers()["retry-after"], "5");
        }
        // The one that failed is left alone for a while.
        let next = nginx.client(HOME).request(method.clone(), nginx.url("/api/v1/me")).send().await.unwrap();
        assert_eq!((next.status().as_u16(), heard.all().len()), (200, times + 1), "{method}: {:?}", heard.all());
        for log in ["keywright.log", "keywright.error.log", "error.log"] {
            assert!(!nginx.log(log).contains("hunter2"), "{log}: {}", nginx.log(log));
        }
        assert!(nginx.log("keywright.log").contains("/api/v1/me"), "the control");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_is_asked_of_another_node_when_its_node_dies() {
    for (path, status, times) in [("/api/v1/refresh", 200, 2), ("/api/v1/sign-out", 503, 1)] {
        let heard = Heard::default();
        let nginx = Nginx::before(&[node(Node::BreaksOff, &heard).await, node(Node::Answers, &heard).await]);
        let answer = nginx.client(HOME).post(nginx.url(path)).body("{}").send().await.unwrap();
        assert_eq!((answer.status().as_u16(), heard.all().len()), (status, times), "{path}: {:?}", heard.all());
    }
    let heard = Heard::default();
    let nginx = Nginx::before(&[node(Node::Answers, &heard).await]);
    let large = nginx.client(HOME).post(nginx.url("/api/v1/refresh")).body("x".repeat(9000)).send().await.unwrap();
    assert_eq!((large.status().as_u16(), heard.all().len()), (413, 0), "its body would rest on a disk");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_or_for_nobody_here_does_not_reach_a_node() {
    let heard = Heard::default();
    let nginx = Nginx::before(&[node(Node::Answers, &heard).await]);
    let client = nginx.client(HOME);
    let send = |length: usize| client.post(nginx.url("/api/v1/sign-in")).body("x".repeat(length)).send();
    assert_eq!(send(3_000_000).await.unwrap().status(), 413);
    for (path, status) in [
        ("/metrics", 404),
        ("/metrics/node", 404),
        ("/%6detrics", 404),
        ("//metrics", 404),
        ("/account/../metrics", 404),
        ("/health/ready", 403),
    ] {
        assert_eq!(client.get(nginx.url(path)).send().await.unwrap().status(), status, "{path}");
    }
    assert_eq!(heard.all(), Vec::<String>::new());
    let ready = nginx.client("127.0.0.1").get(nginx.url("/health/ready")).send().await.unwrap();
    let live = client.get(nginx.url("/health/live")).send().await.unwrap();
    assert_eq!((ready.status().as_u16(), live.status().as_u16()), (200, 200), "the control");
    assert_eq!(heard.all(), ["GET /health/ready", "GET /health/live"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_a_proxy_may_say_is_not_said_by_strangers() {
    let heard = Heard::default();
    let nginx = Nginx::before(&[node(Node::Answers, &heard).await]);
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let asked = nginx.client(HOME).get(nginx.url("/")).header("x-forwarded-for", FORGED).header("x-real-ip", FORGED);
    let asked = asked.header("forwarded", format!("for={FORGED}")).header("traceparent", trace);
    let asked = asked.header("tracestate", "vendor=stranger").header("sec-fetch-site", "cross-site");
    assert_eq!(asked.send().await.unwrap().status(), 200);
    let head = heard.heads();
    for forged in [FORGED, "forwarded: for", "x-real-ip", "traceparent", "tracestate", "stranger"] {
        assert!(!head.contains(forged), "{forged}: {head}");
    }
    assert!(head.contains(&format!("x-forwarded-for: {HOME}\r\n")), "{head}");
    assert!(head.contains("sec-fetch-site: cross-site\r\n"), "the control: what a browser says passes, {head}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_of_one_network_of_ipv6_share_what_one_client_has() {
    let heard = Heard::default();
    let told = |shipped: String| {
        // The tests have no IPv6 but ::1, so somebody tells where they are.
        let shipped = format!("set_real_ip_from 127.0.0.0/8;\nreal_ip_header X-Here;\n{shipped}");
        shipped.replace("rate=50r/s", "rate=1r/m").replace("burst=200 nodelay", "burst=1 nodelay")
    };
    let nginx = Nginx::changed(&[node(Node::Answers, &heard).await], told);
    for (address, status) in [
        ("2001:db8:0:1::1", 200),
        ("2001:db8:0:1:ffff::2", 200),
        ("2001:db8:0:1:a:b:c:d", 503),
        ("2001:db8:0:2::1", 200),
        ("203.0.113.7", 200),
        ("203.0.113.7", 200),
        ("203.0.113.7", 503),
        ("203.0.113.8", 200),
    ] {
        let answer = nginx.client(HOME).get(nginx.url("/")).header("x-here", address).send().await.unwrap();
        assert_eq!(answer.status(), status, "{address}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_all_nodes_are_gone_somebody_may_come_again() {
    let heard = Heard::default();
    let nginx = Nginx::before(&[node(Node::Dead, &heard).await, node(Node::Dead, &heard).await]);
    for method in [Method::GET, Method::POST, Method::PUT] {
        for accept in ["text/html,*/*;q=0.8", "*/*"] {
            let request = nginx.client(HOME).request(method.clone(), nginx.url("/")).header("accept", accept);
            let answer = request.send().await.unwrap();
            let told = ["retry-after", "cache-control"].map(|name| answer.headers()[name].to_str().unwrap().to_owned());
            assert_eq!((answer.status().as_u16(), told), (503, ["5", "no-store"].map(str::to_owned)));
            let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
            let body = answer.text().await.unwrap();
            if accept == "*/*" {
                assert_eq!(kind, "application/problem+json");
                assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["code"], "unavailable", "as a node says it");
            } else {
                assert_eq!(kind, "text/html; charset=utf-8");
                assert!(body.contains("lang=\"en\"") && body.contains("lang=\"fr\""), "{body}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_chooses_no_trace_behind_a_proxy_that_is_believed() {
    const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let ask = async |nginx: &Nginx, method: Method| {
        let request = nginx.client(HOME).request(method, nginx.url("/api/v1/me")).body("{}");
        request.header("traceparent", TRACE).header("tracestate", "a=b").send().await.unwrap();
    };
    let heard = Heard::default();
    let nginx = Nginx::before(&[node(Node::Answers, &heard).await]);
    for method in [Method::POST, Method::PUT] {
        ask(&nginx, method).await;
    }
    assert_eq!(heard.all().len(), 2);
    assert!(!heard.heads().contains("tracep") && !heard.heads().contains("tracest"), "{}", heard.heads());

    let heard = Heard::default();
    let drop_line = |shipped: String| shipped.replace("    proxy_set_header traceparent \"\";\n", "");
    ask(&Nginx::changed(&[node(Node::Answers, &heard).await], drop_line), Method::POST).await;
    assert!(heard.heads().contains(TRACE), "the control: nginx passes on what it is not told to drop");
}

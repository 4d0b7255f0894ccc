//! Traces, as a collector gets them: the real program sends them to one of this test, which reads the protobuf.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Attribute;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const EMAIL: &str = "alice@example.com";
const PASSWORD: &str = "correct horse battery staple";
/// Of a proxy before it: the trace and the span that the request belongs to.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";
const PATIENCE: Duration = Duration::from_secs(30);

/// A collector of this machine, and what it was sent.
struct Collector {
    port: u16,
    spans: Arc<Mutex<Vec<Span>>>,
    bodies: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (spans, bodies) = (Arc::<Mutex<Vec<Span>>>::default(), Arc::<Mutex<Vec<Vec<u8>>>>::default());
        let (kept, raw) = (Arc::clone(&spans), Arc::clone(&bodies));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (kept, raw) = (Arc::clone(&kept), Arc::clone(&raw));
                std::thread::spawn(move || serve(&stream.unwrap(), &kept, &raw));
            }
        });
        Self { port, spans, bodies }
    }

    /// Waits until a span is there that is sought.
    fn wait_for(&self, what: &str, is_sought: impl Fn(&Span) -> bool) -> Span {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(span) = self.spans.lock().unwrap().iter().find(|span| is_sought(span)) {
                return span.clone();
            }
            let names: Vec<String> = self.spans.lock().unwrap().iter().map(|span| span.name.clone()).collect();
            assert!(Instant::now() < deadline, "no span of {what}: {names:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Answers the requests of one connection (OTLP/HTTP).
fn serve(stream: &TcpStream, spans: &Mutex<Vec<Span>>, bodies: &Mutex<Vec<Vec<u8>>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream.try_clone().unwrap();
    loop {
        let (mut length, mut head) = (0, String::new());
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line == "\r\n" {
                break;
            }
            if let Some(bytes) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = bytes.trim().parse().unwrap();
            }
            head.push_str(&line);
        }
        assert!(head.starts_with("POST /v1/traces HTTP/1.1\r\n"), "{head}");
        assert!(head.to_ascii_lowercase().contains("content-type: application/x-protobuf\r\n"), "{head}");
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let sent = ExportTraceServiceRequest::decode(body.as_slice()).expect("it is protobuf");
        for resource in sent.resource_spans {
            let name = resource.resource.unwrap().attributes.into_iter().find(|one| one.key == "service.name").unwrap();
            assert_eq!(name.value.unwrap().value, Some(Attribute::StringValue("keywright".to_owned())));
            spans.lock().unwrap().extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
        bodies.lock().unwrap().push(body);
        writer
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n")
            .unwrap();
    }
}

/// The program, ended with the test.
struct Program {
    child: Child,
    port: u16,
}

impl Program {
    fn start(folder: &Path, settings: &[(&str, String)]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(env!("CARGO_BIN_EXE_keywright"))
            .current_dir(folder)
            .env_clear()
            .env("KEYWRIGHT_LISTEN", format!("127.0.0.1:{port}"))
            .env("KEYWRIGHT_HASH_MEMORY_KIB", "256")
            .env("KEYWRIGHT_LIMITS", "off")
            .env("KEYWRIGHT_LOG", "error")
            .envs(settings.iter().map(|(name, value)| (*name, value)))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let program = Self { child, port };
        let deadline = Instant::now() + PATIENCE;
        while program.get("/health/ready").is_none() {
            assert!(Instant::now() < deadline, "the program does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        program
    }

    fn agent() -> ureq::Agent {
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE));
        config.build().into()
    }

    fn get(&self, path: &str) -> Option<String> {
        let answer = Self::agent().get(format!("http://127.0.0.1:{}{path}", self.port)).call();
        answer.ok().filter(|answer| answer.status() == 200)?.body_mut().read_to_string().ok()
    }

    /// Posts; gives the status and the request id.
    fn post(&self, path: &str, body: &Value, traceparent: Option<&str>) -> (u16, String) {
        let mut request = Self::agent().post(format!("http://127.0.0.1:{}{path}", self.port));
        if let Some(traceparent) = traceparent {
            request = request.header("traceparent", traceparent);
        }
        let answer = request.send_json(body).unwrap();
        (answer.status().as_u16(), answer.headers()["x-request-id"].to_str().unwrap().to_owned())
    }

    /// Signs up and proves the address; gives the request id of the sign-up.
    fn create_account(&self) -> String {
        let (status, id) =
            self.post("/api/v1/sign-up", &json!({"email": EMAIL, "password": PASSWORD, "name": "Al"}), None);
        assert_eq!(status, 202);
        let deadline = Instant::now() + PATIENCE;
        let code = loop {
            let inbox: Vec<Value> = serde_json::from_str(&self.get("/dev/inbox.json").unwrap()).unwrap();
            if let Some(mail) = inbox.first() {
                break mail["code"].clone();
            }
            assert!(Instant::now() < deadline, "no mail");
            std::thread::sleep(Duration::from_millis(50));
        };
        assert_eq!(self.post("/api/v1/verify-email", &json!({"email": EMAIL, "code": code}), None).0, 204);
        id
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn attribute(span: &Span, key: &str) -> Option<String> {
    match span.attributes.iter().find(|one| one.key == key)?.value.clone()?.value? {
        Attribute::StringValue(text) => Some(text),
        Attribute::IntValue(number) => Some(number.to_string()),
        other => Some(format!("{other:?}")),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_of(span: &Span, request_id: &str) -> bool {
    attribute(span, "keywright.request_id").as_deref() == Some(request_id)
}

#[test]
fn a_sign_in_is_a_trace_with_its_steps_and_no_secret() {
    let (folder, collector) = (tempfile::tempdir().unwrap(), Collector::start());
    let settings = [
        ("KEYWRIGHT_OTLP_ENDPOINT", format!("http://127.0.0.1:{}", collector.port)),
        ("KEYWRIGHT_OTLP_SAMPLED", "1".to_owned()),
        ("KEYWRIGHT_TRUSTED_PROXIES", "127.0.0.1/32".to_owned()),
    ];
    let program = Program::start(folder.path(), &settings);
    let sign_up = program.create_account();
    let traceparent = format!("00-{TRACE}-{CALLER}-01");
    let credentials = json!({"email": EMAIL, "password": PASSWORD});
    let (status, sign_in) = program.post("/api/v1/sign-in", &credentials, Some(&traceparent));
    assert_eq!(status, 200);

    let request = collector.wait_for("the sign-in", |span| is_of(span, &sign_in));
    assert_eq!((request.name.as_str(), request.kind), ("POST /api/v1/sign-in", 2), "a server's");
    let told = ["http.request.method", "http.route", "http.response.status_code"].map(|key| attribute(&request, key));
    assert_eq!(told.map(Option::unwrap), ["POST", "/api/v1/sign-in", "200"]);
    assert_eq!((hex(&request.trace_id), hex(&request.parent_span_id)), (TRACE.to_owned(), CALLER.to_owned()));
    assert!(request.end_time_unix_nano > request.start_time_unix_nano);
    let within = |name: &str| {
        let step = collector.wait_for(name, |span| span.name == name && span.trace_id == request.trace_id);
        assert!(step.start_time_unix_nano >= request.start_time_unix_nano, "{name}");
        step
    };
    assert_eq!(within("verify a password").parent_span_id, request.span_id);
    within("wait for the database");

    let mail = collector.wait_for("the mail", |span| span.name == "deliver a mail" && is_of(span, &sign_up));
    assert_eq!(mail.kind, 5, "a consumer's");
    assert!(mail.parent_span_id.is_empty(), "a trace of its own");

    let spans = collector.spans.lock().unwrap();
    assert!(spans.iter().all(|span| span.events.is_empty()), "no line of the log");
    let sent = String::from_utf8_lossy(&collector.bodies.lock().unwrap().concat()).into_owned();
    for secret in [EMAIL, PASSWORD, "127.0.0.1", "SELECT", "INSERT"] {
        assert!(!sent.contains(secret), "{secret}");
    }
}

#[test]
fn a_stranger_chooses_no_trace_and_the_share_is_kept() {
    let (folder, collector) = (tempfile::tempdir().unwrap(), Collector::start());
    let endpoint = ("KEYWRIGHT_OTLP_ENDPOINT", format!("http://127.0.0.1:{}", collector.port));
    let program = Program::start(folder.path(), &[endpoint.clone(), ("KEYWRIGHT_OTLP_SAMPLED", "1".to_owned())]);
    let wrong = json!({"email": EMAIL, "password": PASSWORD});
    let (status, id) = program.post("/api/v1/sign-in", &wrong, Some(&format!("00-{TRACE}-{CALLER}-01")));
    assert_eq!(status, 401);
    let request = collector.wait_for("the sign-in", |span| is_of(span, &id));
    assert!(hex(&request.trace_id) != TRACE && request.parent_span_id.is_empty(), "nobody vouches for the header");
    drop(program);

    let (folder, silent) = (tempfile::tempdir().unwrap(), Collector::start());
    let endpoint = ("KEYWRIGHT_OTLP_ENDPOINT", format!("http://127.0.0.1:{}", silent.port));
    let program = Program::start(folder.path(), &[endpoint, ("KEYWRIGHT_OTLP_SAMPLED", "0".to_owned())]);
    program.post("/api/v1/sign-in", &wrong, None);
    // Spans wait for a second at most.
    std::thread::sleep(Duration::from_secs(3));
    assert!(silent.spans.lock().unwrap().is_empty(), "of none of them");
}

#[test]
fn a_collector_that_is_gone_holds_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let metrics = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = [
        ("KEYWRIGHT_OTLP_ENDPOINT", format!("http://127.0.0.1:{nobody}")),
        ("KEYWRIGHT_OTLP_SAMPLED", "1".to_owned()),
        ("KEYWRIGHT_METRICS_LISTEN", format!("127.0.0.1:{metrics}")),
    ];
    let program = Program::start(folder.path(), &settings);
    let began = Instant::now();
    for _ in 0..200 {
        assert!(program.get("/health/live").is_some());
    }
    assert!(began.elapsed() < PATIENCE);
    // The figures of the running program are where the setting says.
    let mut figures = Program::agent().get(format!("http://127.0.0.1:{metrics}/metrics")).call().unwrap();
    let figures = figures.body_mut().read_to_string().unwrap();
    assert!(figures.contains("keywright_http_requests_total{route=\"/health/live\",status=\"2xx\"} 200"), "{figures}");
}

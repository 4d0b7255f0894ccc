//! Figures for Prometheus: what they say, that strangers make no series, and that dashboards and alerts name what there is.

use crate::support::skipped::skipped;
use crate::support::{PASSWORD, TestApp};
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tower::ServiceExt as _;

const EMAIL: &str = "alice@example.com";

/// What Prometheus would read.
async fn scrape(app: &TestApp) -> String {
    let routes = server::metrics::routes(&app.application.auth, &app.application.process);
    let answer = routes.oneshot(Request::get("/metrics").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    String::from_utf8(to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

/// Names of families, in the order of the text.
fn families(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect()
}

/// Each series with its number; whatever is no line of the format fails.
fn series(text: &str) -> Vec<(&str, f64)> {
    let known: BTreeSet<&str> = families(text).into_iter().collect();
    let mut all = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with("# ")) {
        let (name, value) = line.rsplit_once(' ').expect(line);
        let metric = name.split('{').next().unwrap();
        assert!(metric.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{line}");
        let ends = ["", "_bucket", "_sum", "_count"];
        let is_of = |family: &str| metric.strip_prefix(family).is_some_and(|end| ends.contains(&end));
        assert!(known.iter().copied().any(is_of), "{line} has no family");
        assert!(!name.contains('{') || name.ends_with("\"}"), "{line}");
        all.push((name, value.parse().expect(line)));
    }
    let names: BTreeSet<&str> = all.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), all.len(), "each series stands once");
    all
}

fn value(text: &str, name: &str) -> f64 {
    series(text).into_iter().find(|(of, _)| *of == name).map_or_else(|| panic!("{name} in {text}"), |(_, value)| value)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_is_counted_where_it_belongs() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    app.sign_in(EMAIL).await;
    app.json("/api/v1/sign-in", &json!({"email": EMAIL, "password": "a password that is wrong"})).await;
    app.deliver().await;
    app.json("/api/v1/sign-up", &json!({"email": "bob@example.com", "password": PASSWORD, "name": "Bob"})).await;
    let text = scrape(&app).await;
    for (name, expected) in [
        ("keywright_sign_ins_total{way=\"password\",outcome=\"signed_in\"}", 1.0),
        ("keywright_sign_ins_total{way=\"password\",outcome=\"refused\"}", 1.0),
        ("keywright_sign_ins_total{way=\"passkey\",outcome=\"signed_in\"}", 0.0),
        ("keywright_http_requests_total{route=\"/api/v1/sign-in\",status=\"2xx\"}", 1.0),
        ("keywright_http_requests_total{route=\"/api/v1/sign-in\",status=\"4xx\"}", 1.0),
        ("keywright_http_request_duration_seconds_count{route=\"/api/v1/sign-in\"}", 2.0),
        ("keywright_queue_waiting{kind=\"mail\"}", 1.0),
        ("keywright_queue_dead", 0.0),
        ("keywright_database_up", 1.0),
        ("keywright_hash_queue", 0.0),
        ("keywright_http_shed_total", 0.0),
    ] {
        assert!((value(&text, name) - expected).abs() < f64::EPSILON, "{name}: {text}");
    }
    for name in [
        "process_resident_memory_bytes",
        "process_cpu_seconds_total",
        "process_open_fds",
        "process_start_time_seconds",
        "keywright_hash_seconds_count",
        "keywright_database_wait_seconds_count{pool=\"write\"}",
    ] {
        assert!(value(&text, name) > 0.0, "{name}: {text}");
    }
    assert!(!text.contains(EMAIL) && !text.contains("example.com"), "nobody is named");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_make_no_series() {
    let app = TestApp::start().await;
    let ask = async |number: u32| {
        for path in [format!("/nothing-{number}"), format!("/avatars/{number}"), format!("/pkg/{number}.js")] {
            app.get(&path, "").await;
        }
        app.get(&format!("/orgs/org-{number}/members?x={number}"), "").await;
        app.get(&format!("/api/v1/nothing/{number}"), "").await;
        app.json(&format!("/rpc/nothing_{number}"), &json!({})).await;
        let method = Method::from_bytes(format!("M{number}").as_bytes()).unwrap();
        app.send(Request::builder().method(method).uri("/sign-in").body(Body::empty()).unwrap()).await;
    };
    for number in 0..3 {
        ask(number).await;
    }
    let before = scrape(&app).await;
    for number in 3..60 {
        ask(number).await;
    }
    let after = scrape(&app).await;
    let names = |text: &str| series(text).into_iter().map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(names(&before), names(&after), "the same series, whatever is asked for");
    assert!(after.contains("route=\"none\"") && !after.contains("nothing-"), "{after}");
    // The control: another route does make one.
    app.get("/forgot-password", "").await;
    assert!(names(&scrape(&app).await).len() > names(&after).len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_are_told_at_their_own_address_alone() {
    let app = TestApp::start().await;
    assert_eq!(app.get("/metrics", "").await.status, StatusCode::NOT_FOUND, "pages stand beside no figures");
    let routes = server::metrics::routes(&app.application.auth, &app.application.process);
    let answer = routes.oneshot(Request::get("/api/v1/me").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND, "and figures beside no page");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_gone_is_told_and_the_rest_goes_on() {
    let app = TestApp::start().await;
    app.application.auth.store().close().await;
    let text = scrape(&app).await;
    assert!(value(&text, "keywright_database_up").abs() < f64::EPSILON);
    assert!(!text.contains("keywright_queue_dead 0") && text.contains("# TYPE keywright_queue_dead gauge"), "{text}");
    assert!(value(&text, "process_open_fds") > 0.0);
}

fn deploy(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(path)
}

/// What the dashboards ask for.
fn queries() -> Vec<String> {
    let mut queries = Vec::new();
    for file in std::fs::read_dir(deploy("grafana")).unwrap() {
        let dashboard: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        for panel in dashboard["panels"].as_array().unwrap() {
            let targets = panel["targets"].as_array().unwrap();
            queries.extend(targets.iter().map(|target| target["expr"].as_str().unwrap().to_owned()));
        }
    }
    queries
}

/// Words of ours and of the process in a query.
fn named(query: &str) -> BTreeSet<String> {
    let words = query.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == ':'));
    let is_ours = |word: &&str| ["keywright_", "process_"].iter().any(|start| word.starts_with(start));
    words.filter(is_ours).map(str::to_owned).collect()
}

fn is_there(known: &BTreeSet<&str>, name: &str) -> bool {
    known.contains(name)
        || ["_bucket", "_sum", "_count"]
            .iter()
            .any(|end| name.strip_suffix(end).is_some_and(|family| known.contains(family)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dashboard_alerts_and_document_name_figures_that_there_are() {
    let app = TestApp::start().await;
    let text = scrape(&app).await;
    let known: BTreeSet<&str> = families(&text).into_iter().collect();
    assert!(is_there(&known, "keywright_hash_wait_seconds_bucket") && !is_there(&known, "keywright_nothing_total"));

    let queries = queries();
    assert!(queries.len() > 20);
    let shown: BTreeSet<String> = queries.iter().flat_map(|query| named(query)).collect();
    for query in &queries {
        assert!(!named(query).is_empty(), "{query} asks for nothing of ours");
    }
    let alerts = std::fs::read_to_string(deploy("prometheus/alerts.yml")).unwrap();
    let expressions: Vec<&str> = alerts.lines().filter_map(|line| line.trim().strip_prefix("expr: ")).collect();
    assert_eq!(expressions.len(), 21);
    let watched: BTreeSet<String> = expressions.iter().flat_map(|expression| named(expression)).collect();
    for name in shown.iter().chain(&watched) {
        assert!(is_there(&known, name), "{name} is no figure");
    }
    for family in &known {
        let parts = ["_bucket", "_sum", "_count", ""].map(|end| format!("{family}{end}"));
        let is_shown = parts.iter().any(|name| shown.contains(name));
        assert!(
            is_shown || ["process_threads", "process_virtual_memory_bytes"].contains(family),
            "{family} is not shown"
        );
    }

    let document = include_str!("../../docs/operations/monitoring.md");
    for name in alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert!(
            document.contains(&format!("`{name}`")),
            "docs/operations/monitoring.md does not say what {name} means"
        );
    }
    for line in document.lines().filter(|line| line.starts_with("| `keywright_")) {
        for name in named(line) {
            assert!(is_there(&known, &name), "docs/operations/monitoring.md names {name}, which there is not");
        }
    }
}

/// Runs promtool with what it is to read; none where it is not installed.
fn promtool(words: &[&str], input: &str) -> Option<Output> {
    let mut command = Command::new("promtool");
    command.args(words).current_dir(deploy("prometheus"));
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        skipped("promtool is not there; bin/setup fetches it");
        return None;
    };
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    Some(child.wait_with_output().unwrap())
}

fn passes(output: &Output) -> bool {
    // What it would name otherwise is told with status 3.
    output.status.success() && output.stderr.is_empty()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn promtool_reads_the_figures_and_finds_nothing_to_say() {
    let app = TestApp::start().await;
    app.create_account(EMAIL).await;
    app.get("/nothing", "").await;
    let text = scrape(&app).await;
    series(&text);
    let Some(read) = promtool(&["check", "metrics"], &text) else { return };
    assert!(passes(&read), "{}", String::from_utf8_lossy(&read.stderr));
    let broken = promtool(&["check", "metrics"], "keywright_x{ 1\n").unwrap();
    assert!(!passes(&broken), "the control");
}

#[test]
fn each_alert_has_a_test_that_it_comes_and_one_that_it_stays_away() {
    let read = |name: &str| std::fs::read_to_string(deploy("prometheus").join(name)).unwrap();
    let (alerts, tests) = (read("alerts.yml"), read("alerts_test.yml"));
    for name in alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        let comes = format!("alertname: {name}\n        exp_alerts:\n          - exp_labels:");
        let stays_away = format!("alertname: {name}, exp_alerts: [] }}");
        for wanted in [comes, stays_away] {
            assert!(tests.contains(&wanted), "deploy/prometheus/alerts_test.yml lacks\n{wanted}");
        }
    }
}

#[test]
fn promtool_reads_the_alerts_and_their_tests_pass() {
    let Some(read) = promtool(&["check", "rules", "alerts.yml"], "") else { return };
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let tested = promtool(&["test", "rules", "alerts_test.yml"], "").unwrap();
    let said = [&tested.stdout[..], &tested.stderr].map(|said| String::from_utf8_lossy(said).into_owned()).concat();
    assert!(tested.status.success(), "{said}");
}

/// Queries as rules that are recorded: what Grafana puts in place of its variables is a time like any other. JSON is YAML.
fn recorded(queries: &[String]) -> String {
    let rules = queries.iter().enumerate().map(|(number, query)| {
        let query = ["$__rate_interval", "$__interval", "$__range"]
            .iter()
            .fold(query.clone(), |query, variable| query.replace(variable, "5m"));
        json!({"record": format!("dashboard:{number}"), "expr": query})
    });
    json!({"groups": [{"name": "dashboard", "rules": rules.collect::<Vec<_>>()}]}).to_string()
}

#[test]
fn promtool_reads_every_query_of_the_dashboards() {
    let queries = queries();
    let rules = recorded(&queries);
    let Some(read) = promtool(&["check", "rules", "/dev/stdin"], &rules) else { return };
    let said = [&read.stdout[..], &read.stderr].map(|said| String::from_utf8_lossy(said).into_owned()).concat();
    assert!(read.status.success() && said.contains(&format!("{} rules found", queries.len())), "{said}");
    // The control: a rate over no time, and a bracket that nobody closes.
    for broken in [rules.replacen("[5m]", "", 1), rules.replacen(')', "", 1)] {
        assert_ne!(broken, rules);
        assert!(!promtool(&["check", "rules", "/dev/stdin"], &broken).unwrap().status.success(), "{broken}");
    }
}

//! Figures for Prometheus, on a listener of their own: whoever reaches the pages does not reach them. Labels are templates of
//! routes and words of ours, never what somebody sent. What each means is in docs/operations/monitoring.md.
//!
//! No crate keeps them: `metrics` has one recorder for the whole process, which two nodes in one process (as in tests) would
//! share, and finds each series by texts that any caller may make. Here a label is a type.

mod engine;
mod exposition;
mod queues;
mod requests;
mod system;

use auth::Auth;
use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use std::time::Duration;

use crate::door::DoorLimits;
use crate::process::Process;
use exposition::{Exposition, Seconds};
use queues::Queues;

/// Who scrapes is known and few.
pub const DOOR: DoorLimits = DoorLimits {
    connections: 32,
    connections_of_address: 32,
    head: Duration::from_secs(10),
    idle: Duration::from_secs(120),
    stall: Duration::from_secs(30),
    body: Duration::from_secs(10),
    large_body: Duration::from_secs(10),
};

/// What is told.
#[derive(Clone)]
struct Metrics {
    auth: Auth,
    process: Process,
    queues: Queues,
}

/// `GET /metrics`, and nothing else.
pub fn routes(auth: &Auth, process: &Process) -> Router {
    let metrics = Metrics { auth: auth.clone(), process: process.clone(), queues: Queues::default() };
    Router::new().route("/metrics", get(show)).with_state(metrics)
}

async fn show(State(metrics): State<Metrics>) -> impl IntoResponse {
    let mut text = Exposition::default();
    build(&mut text, &metrics);
    requests::write(&mut text, &metrics.process);
    engine::write(&mut text, &metrics.auth);
    metrics.queues.write(&mut text, &metrics.auth).await;
    certificate(&mut text, &metrics);
    system::write(&mut text, &metrics.process);
    ([(CONTENT_TYPE, exposition::CONTENT_TYPE), (CACHE_CONTROL, "no-store")], text.into_text())
}

fn build(text: &mut Exposition, metrics: &Metrics) {
    let database = if metrics.auth.store().is_sqlite() { "sqlite" } else { "postgresql" };
    let labels = [("version", env!("CARGO_PKG_VERSION")), ("database", database)];
    text.gauge("keywright_build_info", "1, with the version of the program and its database.").sample(&labels, 1);
}

/// How long the certificate is good that the program serves by itself.
fn certificate(text: &mut Exposition, metrics: &Metrics) {
    let help = "Seconds until the certificate ends that the program serves; none where it speaks no TLS.";
    let family = text.gauge("keywright_certificate_left_seconds", help);
    let now = metrics.auth.now();
    if let Some(tls) = metrics.process.tls_health(now) {
        family.sample(&[], Seconds::of_millis(tls.ends_at.0 - now.0));
    }
}

//! Requests, connections, and what was refused of them.

use super::exposition::Exposition;
use crate::door;
use crate::process::Process;

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// Adds what is known of requests.
pub(super) fn write(text: &mut Exposition, process: &Process) {
    let routes = process.requests().read();
    text.counter("keywright_http_requests_total", "Answers, by the template of the route and the class of the status.");
    for of in &routes {
        for (class, count) in CLASSES.iter().zip(of.answers).filter(|(_, count)| *count > 0) {
            text.sample(&[("route", of.route.as_str()), ("status", *class)], count);
        }
    }
    let help = "How long requests took to their answer, by the template of the route.";
    text.histogram("keywright_http_request_duration_seconds", help);
    for of in &routes {
        text.durations(&[("route", of.route.as_str())], &of.took);
    }
    text.counter(
        "keywright_http_limited_total",
        "Answers that refuse too many tries: 429, and what leads a form to that.",
    )
    .sample(&[], process.requests().limited());
    text.counter("keywright_http_shed_total", "Answers 503 but those of /health/: too much to do.")
        .sample(&[], process.requests().shed());
    text.counter("keywright_connections_refused_total", "Connections that found no place.")
        .sample(&[], door::turned_away());
}

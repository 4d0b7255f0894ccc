//! Steps of a trace: what took how long within a request, for a collector of OpenTelemetry. Who collects is decided by the
//! program around (`server/src/traces/`); where nobody does, a step costs a look at a flag.
//!
//! A step has a name of ours, and of what it works on the id of its request at most: no address, no secret, no statement.

use std::sync::OnceLock;
use tracing::Span;

/// Where steps are said, apart from what is logged: a log leaves them out, and traces have nothing else.
pub const TARGET: &str = "keywright_trace";

/// Who says what a call to others carries.
static OUTGOING: OnceLock<fn() -> Option<String>> = OnceLock::new();

/// A step of whatever is at hand; it ends when it is dropped.
pub(crate) fn step(name: &'static str) -> Span {
    tracing::debug_span!(target: TARGET, "step", otel.name = name)
}

/// The delivery of something that a request left to be done later. It begins a trace of its own: the request is over.
pub(crate) fn delivery(name: &'static str, request_id: Option<&str>) -> Span {
    tracing::debug_span!(
        target: TARGET,
        parent: None,
        "delivery",
        otel.name = name,
        otel.kind = "consumer",
        keywright.request_id = request_id,
    )
}

/// A call to somebody else's service.
pub(crate) fn call(name: &'static str) -> Span {
    tracing::debug_span!(target: TARGET, "call", otel.name = name, otel.kind = "client")
}

/// Decides, once a process, what calls to others carry.
pub fn carry(traceparent: fn() -> Option<String>) {
    let _ = OUTGOING.set(traceparent);
}

/// The header `traceparent` of a call within the step at hand (W3C Trace Context); none where nobody collects.
pub(crate) fn traceparent() -> Option<String> {
    OUTGOING.get()?()
}

//! The header `traceparent` (W3C Trace Context, 3.2), in both directions. `tracestate` is read by nobody here: it carries what
//! others like.

use axum::http::HeaderMap;
use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceState};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Makes a span a part of the trace that a request tells of, if it tells of one.
pub(super) fn adopt(span: &Span, headers: &HeaderMap) {
    let told = TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(headers));
    let caller = told.span().span_context().clone();
    if caller.is_valid() {
        let (trace, parent) = (caller.trace_id(), caller.span_id());
        let caller = SpanContext::new(trace, parent, caller.trace_flags(), true, TraceState::NONE);
        // A span that nobody collects has no parent.
        let _ = span.set_parent(Context::new().with_remote_span_context(caller));
    }
}

/// The header of a call within the span at hand; none where there is none.
pub(super) fn traceparent() -> Option<String> {
    let context = Span::current().context();
    let span = context.span();
    let here = span.span_context();
    let flags = here.trace_flags().to_u8();
    here.is_valid().then(|| format!("00-{}-{}-{flags:02x}", here.trace_id(), here.span_id()))
}

//! The span of a request (OpenTelemetry semantic conventions for HTTP, stable): the template of its route and never its path,
//! which may hold an id, nor its query, which may hold a token.

use axum::http::{HeaderMap, Method, StatusCode};
use tracing::Span;
use tracing::field::Empty;

/// Begins the span of a request. A trace is gone on with when a proxy that is trusted tells of one: a stranger does not choose
/// what is sent to the collector.
pub fn begin(method: &Method, route: &str, request_id: &str, headers: &HeaderMap, by_proxy: bool) -> Span {
    let method = known(method);
    let span = tracing::debug_span!(
        target: auth::trace::TARGET,
        parent: None,
        "request",
        otel.name = format_args!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        keywright.request_id = request_id,
    );
    if by_proxy && !span.is_disabled() {
        adopt(&span, headers);
    }
    span
}

/// Ends it with its status.
pub fn end(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

#[cfg(feature = "otlp")]
fn adopt(span: &Span, headers: &HeaderMap) {
    super::parent::adopt(span, headers);
}

#[cfg(not(feature = "otlp"))]
fn adopt(_span: &Span, _headers: &HeaderMap) {}

/// What a client calls a method may be anything.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "_OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_one_of_a_few_words() {
        let invented = Method::from_bytes(b"ALICE").unwrap();
        assert_eq!([known(&Method::PATCH), known(&invented)], ["PATCH", "_OTHER"]);
    }
}

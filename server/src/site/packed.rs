//! The files of a site in memory. They are served as from a folder: by their exact names, compressed where a browser takes it
//! and a copy is there (RFC 9110, 8.4 and 12.5.3). There are no parts and no validators: what has a hash in its name is
//! fetched once, and the rest is small.

use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use std::collections::BTreeMap;

use crate::files::kind_of;

/// Codings of copies and the endings of their names, the smallest first.
const CODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// Files by their names, such as `pkg/keywright.css`.
#[derive(Default)]
pub struct Packed(BTreeMap<String, Bytes>);

impl Packed {
    /// Adds a file, or another copy of one.
    pub fn add(&mut self, name: &str, bytes: Bytes) {
        self.0.insert(name.to_owned(), bytes);
    }

    /// What is in a file.
    pub fn get(&self, name: &str) -> Option<&Bytes> {
        self.0.get(name)
    }

    /// The names of all files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Answers with a file.
    pub fn answer(&self, name: &str, request: &Request<Body>) -> Response {
        let is_head = request.method() == Method::HEAD;
        if !is_head && request.method() != Method::GET {
            return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET,HEAD")]).into_response();
        }
        let (Some(kind), Some(plain)) = (kind_of(name), self.get(name)) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let copies = CODINGS.into_iter().filter(|(coding, _)| takes(request.headers(), coding));
        let mut copies = copies.filter_map(|(coding, ending)| Some((coding, self.get(&format!("{name}.{ending}"))?)));
        let copy = copies.next();
        let bytes = copy.map_or(plain, |(_, bytes)| bytes);
        let body = if is_head { Body::empty() } else { Body::from(bytes.clone()) };
        let mut response = ([(CONTENT_TYPE, kind)], body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        if let Some((coding, _)) = copy {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }
}

/// Whether a browser takes a coding; one with `q=0` it refuses.
fn takes(headers: &HeaderMap, coding: &str) -> bool {
    let lists = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding)) && !parts.any(is_nothing)
    })
}

/// Whether a parameter is a weight of nothing, such as `q=0` or `q=0.000`.
fn is_nothing(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    name.trim().eq_ignore_ascii_case("q") && value.trim().bytes().all(|sign| matches!(sign, b'0' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;

    fn packed() -> Packed {
        let mut packed = Packed::default();
        for name in ["pkg/x.js", "pkg/x.js.gz", "pkg/x.js.br", "icons.svg", "icons.svg.gz", "kept-back.env"] {
            packed.add(name, Bytes::from(format!("bytes of {name}")));
        }
        packed
    }

    /// Status, coding and length of what a browser with this Accept-Encoding is answered.
    fn asked(method: &str, name: &str, accepted: &str) -> (u16, String, String) {
        let request = Request::builder().method(method).header(ACCEPT_ENCODING, accepted).body(Body::empty()).unwrap();
        let answer = packed().answer(name, &request);
        let header =
            |name: HeaderName| answer.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        (answer.status().as_u16(), header(CONTENT_ENCODING), header(CONTENT_LENGTH))
    }

    #[test]
    fn the_smallest_copy_that_a_browser_takes_is_sent() {
        for (name, accepted, coding, length) in [
            ("pkg/x.js", "gzip, deflate, br, zstd", "br", "20"),
            ("pkg/x.js", "gzip, br;q=0", "gzip", "20"),
            ("pkg/x.js", "GZIP;q=0.5, BR; Q=0.000", "gzip", "20"),
            ("pkg/x.js", "identity", "", "17"),
            ("pkg/x.js", "", "", "17"),
            // No copy of that kind is there.
            ("icons.svg", "br", "", "18"),
            ("icons.svg", "br, gzip", "gzip", "21"),
        ] {
            let answer = (200, coding.to_owned(), length.to_owned());
            assert_eq!(asked("GET", name, accepted), answer, "{name} {accepted}");
            assert_eq!(asked("HEAD", name, accepted), answer, "{name} {accepted}");
        }
    }

    #[test]
    fn names_are_exact_and_of_kinds_that_are_served() {
        for name in ["pkg/y.js", "pkg/", "", "pkg/../icons.svg", "/icons.svg", "kept-back.env", "pkg/x.js.br"] {
            assert_eq!(asked("GET", name, "br").0, 404, "{name}");
        }
        assert_eq!(asked("POST", "icons.svg", "br").0, 405);
    }
}

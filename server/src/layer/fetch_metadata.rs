//! What other sites may ask a browser to load from here: nothing but pages that somebody goes to (W3C, Fetch Metadata; the
//! resource isolation policy; ASVS 5.0, 3.2.1 and 3.5.8). No answer of ours is shown inside another page, ours neither.
//!
//! Browsers say by `Sec-Fetch-*` for what they ask, and no script can change it. Programs and old browsers say nothing, and
//! pass: for them `SameSite`, the content policy and the resource policy stand.

use auth::weakened::{self, Defence};
use auth::{Context, ErrorCode};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method};

use crate::problem::Refused;

/// What is the same for everybody, and shared: files, public keys. The second kind is asked for by address.
const FOR_EVERYBODY: [&str; 2] = ["/pkg/", "/.well-known/"];
const FILES: [&str; 3] = ["/favicon.svg", "/icons.svg", "/robots.txt"];

/// Refuses what another site has a browser load, before anybody asks who it is.
pub fn refuse_foreign_load(request: &Request) -> Option<Refused> {
    let is_left_to_guard = weakened::is_off(Defence::Origin) && is_unsafe(request.method());
    if is_for_everybody(request.uri().path()) || is_welcome(request.method(), request.headers()) || is_left_to_guard {
        return None;
    }
    let locale = request.extensions().get::<Context>().map(|context| context.locale).unwrap_or_default();
    Some(Refused::new(ErrorCode::CrossSite, locale))
}

/// Whether an answer is nobody's secret: the same for whoever asks.
fn is_for_everybody(path: &str) -> bool {
    FOR_EVERYBODY.iter().any(|prefix| path.starts_with(prefix)) || FILES.contains(&path)
}

/// Whether the origin guard judges it as well: a program that does without that guard does without its twin here.
fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn is_welcome(method: &Method, headers: &HeaderMap) -> bool {
    let of = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
    let destination = of("sec-fetch-dest");
    if matches!(destination, Some(b"iframe" | b"frame" | b"fencedframe" | b"embed" | b"object")) {
        return false;
    }
    match of("sec-fetch-site") {
        None | Some(b"same-origin" | b"none") => true,
        // Somebody follows a link, or comes back from a provider. What changes something is judged by the origin guard.
        Some(_) => {
            *method == Method::GET
                && matches!(of("sec-fetch-mode"), Some(b"navigate"))
                && matches!(destination, None | Some(b"document"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn welcome(method: &Method, [site, mode, destination]: [&'static str; 3]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in [("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", destination)] {
            if !value.is_empty() {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        is_welcome(method, &headers)
    }

    #[test]
    fn our_own_pages_people_and_programs_are_welcome() {
        for asked in [
            ["", "", ""],
            ["same-origin", "cors", "empty"],
            ["same-origin", "no-cors", "image"],
            ["same-origin", "navigate", "document"],
            ["none", "navigate", "document"],
            ["cross-site", "navigate", "document"],
            ["same-site", "navigate", "document"],
            ["cross-site", "navigate", ""],
        ] {
            assert!(welcome(&Method::GET, asked), "{asked:?}");
        }
        assert!(welcome(&Method::POST, ["same-origin", "navigate", "document"]));
    }

    #[test]
    fn what_another_site_loads_is_refused_and_so_is_every_frame() {
        for asked in [
            ["cross-site", "no-cors", "image"],
            ["cross-site", "no-cors", "script"],
            ["cross-site", "no-cors", "style"],
            ["cross-site", "cors", "empty"],
            ["cross-site", "websocket", "empty"],
            ["cross-site", "", ""],
            ["same-site", "no-cors", "image"],
            ["unheard-of", "cors", "empty"],
            ["cross-site", "navigate", "iframe"],
            ["cross-site", "navigate", "object"],
            ["cross-site", "navigate", "embed"],
            ["cross-site", "navigate", "worker"],
            ["same-origin", "navigate", "iframe"],
            ["none", "navigate", "iframe"],
        ] {
            assert!(!welcome(&Method::GET, asked), "{asked:?}");
        }
        for method in [Method::POST, Method::HEAD, Method::OPTIONS, Method::DELETE] {
            assert!(!welcome(&method, ["cross-site", "navigate", "document"]), "{method}");
        }
    }
}

//! Pages are compressed, and nothing else: an answer with a token in it is not compressed together with anything a stranger
//! chose (BREACH). Files are compressed beforehand.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use std::convert::Infallible;
use std::future::ready;
use tower::{ServiceExt as _, service_fn};
use tower_http::CompressionLevel;
use tower_http::compression::Compression;
use tower_http::compression::predicate::SizeAbove;

/// Bytes of the shortest page that is compressed.
const SHORTEST: u16 = 512;

/// Compresses a page for who can unpack it; every other answer leaves as it came.
pub async fn compression<F>(request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let accepted: Vec<HeaderValue> = request.headers().get_all(ACCEPT_ENCODING).iter().cloned().collect();
    let answer = next(request).await;
    if is_page(answer.headers()) { compressed(answer, accepted).await } else { answer }
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

async fn compressed(page: Response, accepted: Vec<HeaderValue>) -> Response {
    let mut asked = axum::http::Request::new(());
    for value in accepted {
        asked.headers_mut().append(ACCEPT_ENCODING, value);
    }
    let mut page = Some(page);
    let pages = service_fn(move |_: axum::http::Request<()>| {
        // It is asked once.
        ready(Ok::<Response, Infallible>(page.take().unwrap_or_default()))
    });
    // Each page is made anew: a tenth more bytes is paid for sooner than the time of a closer look.
    let service = Compression::new(pages).quality(CompressionLevel::Fastest).compress_when(SizeAbove::new(SHORTEST));
    let Ok(compressed) = service.oneshot(asked).await;
    compressed.map(Body::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use axum::http::header::{CONTENT_ENCODING, VARY};

    async fn ask(kind: &'static str, bytes: usize, accepted: &'static str) -> (HeaderMap, usize) {
        let request = Request::get("/").header(ACCEPT_ENCODING, accepted).body(Body::empty()).unwrap();
        let answer = Response::builder().header(CONTENT_TYPE, kind).body(Body::from("a".repeat(bytes))).unwrap();
        let (parts, body) = compression(request, |_| ready(answer)).await.into_parts();
        (parts.headers, to_bytes(body, 10_000).await.unwrap().len())
    }

    #[tokio::test]
    async fn pages_are_compressed_and_nothing_else() {
        let (headers, length) = ask("text/html; charset=utf-8", 5000, "br").await;
        assert!(headers[CONTENT_ENCODING] == "br" && headers[VARY] == "accept-encoding" && length < 500, "{headers:?}");
        for (kind, bytes, accepted) in
            [("text/html", 5000, "identity"), ("text/html", 100, "br"), ("application/json", 5000, "br")]
        {
            let (headers, length) = ask(kind, bytes, accepted).await;
            assert!(!headers.contains_key(CONTENT_ENCODING) && length == bytes, "{kind}, {bytes}, {accepted}");
        }
    }
}

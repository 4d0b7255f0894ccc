//! A refusal that passes, for people: where a layer told a browser in JSON to come again later, a page says it. It is made
//! without a look at the database and without a script; nothing about it is slow when everything else is. The same page says
//! that an address knows no such method, where a browser showed nothing at all.

use app::page::later_page as page;
use app::server::Preferences;
use app::site_files::SiteFile;
use auth::{ErrorCode, LocalPath};
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::content_security_policy::NO_SCRIPT;

/// Bytes of the longest refusal.
const LONGEST: usize = 16 * 1024;

/// Shows a refusal that passes, or that of a method, to whoever looks at the answer.
pub async fn later_page<F>(style: &SiteFile, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    if !is_navigation(&request) {
        return next(request).await;
    }
    let preferences = request.extensions().get::<Preferences>().copied().unwrap_or_default();
    // What was posted is not posted again by a link.
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let wanted = request.uri().path_and_query().filter(|_| reads);
    let again = wanted.and_then(|wanted| LocalPath::parse(wanted.as_str())).map(|path| path.as_str().to_owned());
    let response = next(request).await;
    let kind = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_problem = kind == Some(b"application/problem+json".as_slice());
    let (untold, again) = match response.status() {
        StatusCode::SERVICE_UNAVAILABLE if is_problem => (ErrorCode::Busy, again),
        // What routes says it without a word; asked again it would say the same.
        StatusCode::METHOD_NOT_ALLOWED if is_problem || kind.is_none() => (ErrorCode::MethodNotAllowed, None),
        _ => return response,
    };
    let (mut parts, body) = response.into_parts();
    let told = to_bytes(body, LONGEST).await.unwrap_or_default();
    let code = serde_json::from_slice(&told).map_or(untold, |Told { code }| code);
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    parts.headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(NO_SCRIPT));
    Response::from_parts(parts, Body::from(page(code, again, style, preferences)))
}

/// What is read of a refusal.
#[derive(Deserialize)]
struct Told {
    code: ErrorCode,
}

/// Whether a person sees the answer as it is.
fn is_navigation(request: &Request) -> bool {
    let headers = request.headers();
    let accepts = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let mode = headers.get("sec-fetch-mode").map(HeaderValue::as_bytes);
    let path = request.uri().path();
    accepts.contains("text/html") && mode.is_none_or(|mode| mode == b"navigate") && !path.starts_with("/api/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Refused;
    use auth::{Locale, Refusal};
    use axum::Router;
    use axum::http::header::RETRY_AFTER;
    use axum::middleware::{Next, from_fn};
    use axum::response::IntoResponse as _;
    use axum::routing::get;
    use tower::ServiceExt as _;

    async fn ask(code: ErrorCode, method: Method, accept: &str) -> (Response, String) {
        let refuse = move || async move { Refused::new(Refusal::retry_after(code, 5), Locale::En).into_response() };
        let routes = Router::new().fallback(refuse).layer(from_fn(|request: Request, next: Next| async move {
            later_page(&SiteFile::default(), request, |request| next.run(request)).await
        }));
        let request = Request::builder().method(method).uri("/dashboard?a=1&b=2").header(ACCEPT, accept);
        let answer = routes.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        let text = String::from_utf8(to_bytes(body, LONGEST).await.unwrap().to_vec()).unwrap();
        (Response::from_parts(parts, Body::empty()), text)
    }

    #[tokio::test]
    async fn people_read_a_page_and_programs_a_problem() {
        let (answer, page) = ask(ErrorCode::Unavailable, Method::GET, "text/html,*/*;q=0.8").await;
        assert_eq!((answer.status().as_u16(), &answer.headers()[RETRY_AFTER]), (503, &HeaderValue::from_static("5")));
        assert!(page.starts_with("<!DOCTYPE html>") && page.contains("You stay signed in"), "{page}");
        assert!(page.contains("href=\"/dashboard?a=1&amp;b=2\""), "it leads to the same page: {page}");
        let (_, posted) = ask(ErrorCode::Busy, Method::POST, "text/html").await;
        assert!(posted.contains("nothing was lost") && !posted.contains("/dashboard"), "{posted}");
        let (_, problem) = ask(ErrorCode::Busy, Method::GET, "application/json").await;
        assert!(problem.contains("\"code\":\"busy\""), "the control: {problem}");
        let (answer, other) = ask(ErrorCode::NotFound, Method::GET, "text/html").await;
        assert!(answer.status() == StatusCode::NOT_FOUND && other.starts_with('{'), "what does not pass is left alone");
    }

    #[tokio::test]
    async fn who_posts_where_nothing_is_read_sees_a_page_in_their_language() {
        let routes = Router::new().route("/dashboard", get(|| async { "here" }));
        let routes = routes.layer(from_fn(|mut request: Request, next: Next| async move {
            request.extensions_mut().insert(Preferences { locale: Locale::Fr, ..Preferences::default() });
            later_page(&SiteFile::default(), request, |request| next.run(request)).await
        }));
        for (accept, is_page) in [("text/html", true), ("application/json", false)] {
            let request = Request::post("/dashboard").header(ACCEPT, accept).body(Body::empty()).unwrap();
            let (parts, body) = routes.clone().oneshot(request).await.unwrap().into_parts();
            assert_eq!(parts.status, StatusCode::METHOD_NOT_ALLOWED, "{accept}");
            assert!(parts.headers.contains_key("allow"), "{accept}");
            let page = String::from_utf8(to_bytes(body, LONGEST).await.unwrap().to_vec()).unwrap();
            assert_eq!(page.contains("n’accepte pas cette méthode"), is_page, "{accept}: {page}");
            assert!(page.is_empty() != is_page && !page.contains("<script"), "{page}");
        }
    }
}

//! The files of the site, and the page of an address where nothing is.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, VARY};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::IntoView;
use leptos_axum::render_app_async_with_context;
use std::ffi::OsStr;
use std::path::Path;

use crate::site::Place;

/// Endings of what is served, with what it is (ASVS 5.0, 13.4.7). Whatever else got into the folder of the site stays there.
const SERVED: [(&str, &str); 12] = [
    ("css", "text/css"),
    ("ico", "image/x-icon"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain"),
    ("wasm", "application/wasm"),
    ("webmanifest", "application/manifest+json"),
    ("webp", "image/webp"),
    ("woff2", "font/woff2"),
];

/// A handler that answers with the file of that name in the site, or else with `document`.
///
/// Not Leptos' `file_and_error_handler`: it gives a file what the reactive owner of the *thread* holds, and that may be
/// a page of somebody else that waits for the database: the file then takes that page's headers, its policy and
/// its cookies among them.
pub fn file_or_not_found<IV: IntoView + 'static>(
    place: &Place,
    context: impl Fn() + Clone + Send + Sync + 'static,
    document: impl Fn() -> IV + Clone + Send + Sync + 'static,
) -> impl Fn(Request) -> std::pin::Pin<Box<dyn Future<Output = Response> + Send>> + Clone + Send + Sync + 'static {
    let place = place.clone();
    let page = render_app_async_with_context(context, document);
    move |request| {
        let (place, page) = (place.clone(), page.clone());
        Box::pin(async move {
            let encodings = request.headers().get(ACCEPT_ENCODING).cloned();
            match file(&place, request.uri().clone(), encodings).await {
                Some(file) => file,
                None => not_found(page(request).await),
            }
        })
    }
}

async fn file(place: &Place, uri: Uri, encodings: Option<HeaderValue>) -> Option<Response> {
    kind_of(uri.path())?;
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = uri;
    request.headers_mut().extend(encodings.map(|value| (ACCEPT_ENCODING, value)));
    let answer = place.answer("", request).await;
    let kept = [(CACHE_CONTROL, "public, max-age=86400"), (VARY, "accept-encoding")];
    (answer.status() == StatusCode::OK).then(|| (kept, answer).into_response())
}

/// Lets what is served through to its file.
pub async fn by_ending(request: Request, next: Next) -> Response {
    if kind_of(request.uri().path()).is_some() {
        next.run(request).await
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}

/// What is at an address, by its ending; none where nothing is served. It is judged as it was sent: one that writes its
/// ending in another way has none.
pub(crate) fn kind_of(path: &str) -> Option<&'static str> {
    let ending = Path::new(path).extension().and_then(OsStr::to_str)?;
    SERVED.into_iter().find_map(|(served, kind)| (served == ending).then_some(kind))
}

/// Nothing is at this address, even where a page of that name could be drawn; where it leads elsewhere, it does.
fn not_found(mut page: Response) -> Response {
    if page.status() == StatusCode::OK {
        *page.status_mut() = StatusCode::NOT_FOUND;
    }
    page
}

//! The files of the site, and the page of an address where nothing is.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, VARY};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::IntoView;
use leptos::config::LeptosOptions;
use leptos_axum::render_app_async_with_context;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;
use tower::ServiceExt;
use tower_http::services::ServeDir;

/// Endings of what is served (ASVS 5.0, 13.4.7). Whatever else got into the folder of the site stays there.
const SERVED: [&str; 12] =
    ["css", "ico", "jpg", "js", "json", "png", "svg", "txt", "wasm", "webmanifest", "webp", "woff2"];

/// A handler that answers with the file of that name below the site's folder, or else with `document`.
///
/// Not Leptos' `file_and_error_handler`: it gives a file what the reactive owner of the *thread* holds, and that may be
/// a page of somebody else that waits for the database: the file then takes that page's headers, its policy and
/// its cookies among them.
pub fn file_or_not_found<IV: IntoView + 'static>(
    options: &LeptosOptions,
    context: impl Fn() + Clone + Send + Sync + 'static,
    document: impl Fn() -> IV + Clone + Send + Sync + 'static,
) -> impl Fn(Request) -> std::pin::Pin<Box<dyn Future<Output = Response> + Send>> + Clone + Send + Sync + 'static {
    let root: Arc<str> = Arc::clone(&options.site_root);
    let page = render_app_async_with_context(context, document);
    move |request| {
        let (root, page) = (Arc::clone(&root), page.clone());
        Box::pin(async move {
            let encodings = request.headers().get(ACCEPT_ENCODING).cloned();
            match file(&root, request.uri().clone(), encodings).await {
                Some(file) => file,
                None => not_found(page(request).await),
            }
        })
    }
}

async fn file(root: &str, uri: Uri, encodings: Option<HeaderValue>) -> Option<Response> {
    if !has_served_ending(uri.path()) {
        return None;
    }
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = uri;
    request.headers_mut().extend(encodings.map(|value| (ACCEPT_ENCODING, value)));
    let answer = ServeDir::new(root).precompressed_gzip().precompressed_br().oneshot(request).await.ok()?;
    let kept = [(CACHE_CONTROL, "public, max-age=86400"), (VARY, "accept-encoding")];
    (answer.status() == StatusCode::OK).then(|| (kept, answer).into_response())
}

/// Lets what is served through to its file.
pub async fn by_ending(request: Request, next: Next) -> Response {
    if has_served_ending(request.uri().path()) {
        next.run(request).await
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}

/// Whether an address ends as what is served. It is judged as it was sent: one that writes its ending in another way has none.
fn has_served_ending(path: &str) -> bool {
    let ending = Path::new(path).extension().and_then(OsStr::to_str);
    ending.is_some_and(|ending| SERVED.contains(&ending))
}

/// Nothing is at this address, even where a page of that name could be drawn; where it leads elsewhere, it does.
fn not_found(mut page: Response) -> Response {
    if page.status() == StatusCode::OK {
        *page.status_mut() = StatusCode::NOT_FOUND;
    }
    page
}

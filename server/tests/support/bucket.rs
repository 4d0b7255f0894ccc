//! A storage that speaks S3, on a port of its own: what Keywright asks of it, and no more. No registry has one that could be
//! started here. It computes each signature by itself, from what came over the wire (Signature Version 4), and refuses every other.

use auth::clock::{Clock, SystemClock};
use aws_lc_rs::{digest, hmac};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub const KEY_ID: &str = "AKIDEXAMPLE";
pub const SECRET: &str = "secret/of+the+bucket0123456789";
pub const REGION: &str = "eu-central-1";

/// Names on a page of a list.
const PAGE: usize = 2;

pub struct BucketServer {
    pub address: String,
    objects: Objects,
    serving: JoinHandle<()>,
}

/// By their paths, such as `/backups/id/name`.
type Objects = Arc<Mutex<BTreeMap<String, Bytes>>>;

impl Drop for BucketServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl BucketServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let objects = Objects::default();
        let router = Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(Arc::clone(&objects));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, objects, serving }
    }

    /// The paths of what lies there.
    pub fn paths(&self) -> Vec<String> {
        self.objects.lock().unwrap().keys().cloned().collect()
    }

    /// Puts something there, as its owner may.
    pub fn put(&self, path: &str, text: &'static str) {
        self.objects.lock().unwrap().insert(path.to_owned(), Bytes::from_static(text.as_bytes()));
    }

    /// Changes one byte of an object.
    pub fn damage(&self, path: &str) {
        let mut objects = self.objects.lock().unwrap();
        let mut bytes = objects[path].to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        objects.insert(path.to_owned(), bytes.into());
    }
}

async fn answer(State(objects): State<Objects>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(code) = judge(&method, &uri, &headers, &body) {
        let words = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code></Error>");
        return (StatusCode::FORBIDDEN, words).into_response();
    }
    let mut objects = objects.lock().unwrap();
    let path = uri.path().to_owned();
    match (method.as_str(), uri.query()) {
        ("GET", Some(query)) => list(&objects, &path, query).into_response(),
        ("GET", None) => match objects.get(&path) {
            Some(bytes) => bytes.clone().into_response(),
            None => (StatusCode::NOT_FOUND, "<Error><Code>NoSuchKey</Code></Error>").into_response(),
        },
        ("PUT", None) => {
            objects.insert(path, body);
            StatusCode::OK.into_response()
        }
        ("DELETE", None) => {
            objects.remove(&path);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

fn list(objects: &BTreeMap<String, Bytes>, bucket: &str, query: &str) -> String {
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value.replace("%2F", "/")).unwrap_or_default()
    };
    assert_eq!(value("list-type"), "2");
    let (prefix, after) = (value("prefix"), value("continuation-token"));
    let keys = objects.keys().filter_map(|path| path.strip_prefix(bucket)?.strip_prefix('/'));
    let mut keys = keys.filter(|key| key.starts_with(&prefix) && **key > *after.as_str());
    let page: Vec<&str> = keys.by_ref().take(PAGE).collect();
    let items: String = page.iter().map(|key| format!("<Contents><Key>{key}</Key></Contents>")).collect();
    let more = keys.next().and(page.last());
    let next = more.map(|last| format!("<NextContinuationToken>{last}</NextContinuationToken>")).unwrap_or_default();
    format!("<ListBucketResult>{items}{next}</ListBucketResult>")
}

/// Whether the signature is that of the request.
fn judge(method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Result<(), &'static str> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).ok_or("MissingSecurityHeader");
    let said = header("authorization")?.strip_prefix("AWS4-HMAC-SHA256 ").ok_or("AuthorizationHeaderMalformed")?;
    let part = |name: &str| {
        let mut parts = said.split(',').filter_map(|part| part.trim().split_once('='));
        parts.find(|(key, _)| *key == name).map(|(_, value)| value).ok_or("AuthorizationHeaderMalformed")
    };
    let (key_id, scope) = part("Credential")?.split_once('/').ok_or("AuthorizationHeaderMalformed")?;
    if key_id != KEY_ID {
        return Err("InvalidAccessKeyId");
    }
    let moment = header("x-amz-date")?;
    let today = auth::view::CivilDay::of(SystemClock.now()).iso.replace(['-', ':'], "");
    if moment[..11] != today[..11] {
        return Err("RequestTimeTooSkewed");
    }
    if scope != format!("{}/{REGION}/s3/aws4_request", &moment[..8]) {
        return Err("AuthorizationHeaderMalformed");
    }
    let digest = header("x-amz-content-sha256")?;
    if digest != hex(digest::digest(&digest::SHA256, body).as_ref()) {
        return Err("XAmzContentSHA256Mismatch");
    }
    let names = part("SignedHeaders")?;
    if !["host", "x-amz-content-sha256", "x-amz-date"].iter().all(|name| names.split(';').any(|signed| signed == *name))
    {
        return Err("AccessDenied");
    }
    let mut lines = String::new();
    for name in names.split(';') {
        lines.push_str(&format!("{name}:{}\n", header(name)?));
    }
    let mut pairs: Vec<&str> = uri.query().unwrap_or_default().split('&').collect();
    pairs.sort_unstable();
    let canonical = format!("{method}\n{}\n{}\n{lines}\n{names}\n{digest}", uri.path(), pairs.join("&"));
    let canonical = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
    let text = format!("AWS4-HMAC-SHA256\n{moment}\n{scope}\n{canonical}");
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for step in scope.split('/') {
        key = keyed(&key, step);
    }
    if hex(&keyed(&key, &text)) == part("Signature")? { Ok(()) } else { Err("SignatureDoesNotMatch") }
}

fn keyed(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

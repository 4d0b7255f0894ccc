//! Messages without what nobody may see. Only what is named here is shown; all else becomes dots: a value
//! that nobody thought of is a secret until somebody did.

use auth::explain::Message;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use serde_json::{Map, Value};

/// Stands for a value.
const DOTS: &str = "••••••••";
/// Characters of a cookie's value that are shown: enough to tell two apart.
const SHOWN_OF_COOKIE: usize = 4;

/// Headers of a request that matter for a sign-in.
const OF_REQUEST: [&str; 10] = [
    "Host",
    "Origin",
    "Sec-Fetch-Site",
    "Sec-Fetch-Mode",
    "Sec-Fetch-Dest",
    "Sec-Fetch-User",
    "Content-Type",
    "Content-Length",
    "Accept",
    "Cookie",
];
/// Headers of an answer that matter.
const OF_ANSWER: [&str; 4] = ["Content-Type", "Location", "Set-Cookie", "Cache-Control"];

/// The request without its body.
pub fn request(request: &Request) -> Message {
    let line = format!("{} {} {:?}", request.method(), request.uri().path(), request.version());
    Message::new(&line, headers(request.headers(), &OF_REQUEST), "")
}

/// The answer, and how it is shown. Of a body, JSON is.
pub async fn answer(response: Response) -> (Response, Message) {
    let status = response.status();
    let reason = status.canonical_reason().unwrap_or_default();
    let line = format!("{:?} {} {reason}", response.version(), status.as_u16());
    let headers = headers(response.headers(), &OF_ANSWER);
    if !is_json(response.headers()) {
        return (response, Message::new(&line, headers, ""));
    }
    let (parts, body) = response.into_parts();
    // An answer of ours, complete in memory.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let shown = json(&bytes, &["token_type", "expires_in"]).unwrap_or_default();
    let message = Message::new(&line, headers, &shown);
    (Response::from_parts(parts, Body::from(bytes)), message)
}

/// The body of a request: the address as it was sent, where to go on, and dots.
pub fn body(headers: &HeaderMap, bytes: &[u8]) -> String {
    if is_json(headers) {
        return json(bytes, &["email"]).unwrap_or_else(|| DOTS.to_owned());
    }
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let pairs = text.split('&').take(8).map(|pair| match pair.split_once('=') {
        Some(("email", value)) => format!("email={value}"),
        Some(("next", value)) => format!("next={}", without_query(value)),
        Some(("password", _)) => format!("password={DOTS}"),
        _ => DOTS.to_owned(),
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// The members of an object: these as they are, all others as dots. None when it is no object.
fn json(bytes: &[u8], shown: &[&str]) -> Option<String> {
    let members: Map<String, Value> = serde_json::from_slice(bytes).ok()?;
    let members = members.iter().take(8).map(|(name, value)| match &**name {
        name if shown.contains(&name) => format!("\"{name}\": {value}"),
        name @ ("password" | "access_token") => format!("\"{name}\": \"{DOTS}\""),
        _ => format!("\"{DOTS}\": \"{DOTS}\""),
    });
    Some(format!("{{{}}}", members.collect::<Vec<_>>().join(", ")))
}

fn headers(headers: &HeaderMap, shown: &[&'static str]) -> Vec<(String, String)> {
    let lines = shown.iter().flat_map(|name| {
        let values = headers.get_all(*name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        values.map(move |value| ((*name).to_owned(), value_of(name, &value)))
    });
    lines.collect()
}

fn value_of(header: &str, value: &str) -> String {
    match header {
        "Cookie" => value.split("; ").map(|pair| format!("{}={DOTS}", name_of(pair))).collect::<Vec<_>>().join("; "),
        "Set-Cookie" => shortened(value),
        "Location" => without_query(value),
        _ => value.to_owned(),
    }
}

/// The name of a cookie; dots for what has none.
fn name_of(pair: &str) -> &str {
    pair.split_once('=').map_or(DOTS, |(name, _)| name)
}

/// A line that sets a cookie, with the beginning of its value.
fn shortened(line: &str) -> String {
    let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let shown: String = value.chars().take(SHOWN_OF_COOKIE).collect();
    let dots = if value.is_empty() { "" } else { DOTS };
    format!("{name}={shown}{dots};{attributes}")
}

/// A path alone, as ours are: the query of a page behind a mailed link is a secret, and so is whatever is
/// written in another way.
fn without_query(path: &str) -> String {
    let encoded = path.to_ascii_lowercase().find("%3f");
    let end = [path.find('?'), encoded].into_iter().flatten().min();
    let path = &path[..end.unwrap_or(path.len())];
    let plain = path.replace("%2F", "/").replace("%2f", "/");
    let is_ours = plain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_'));
    if is_ours && !plain.starts_with("//") { path.to_owned() } else { DOTS.to_owned() }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn of(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn of_a_form_the_address_is_shown_and_nothing_secret() {
        let form = of(&[("content-type", "application/x-www-form-urlencoded")]);
        let shown = |text: &str| body(&form, text.as_bytes());
        assert_eq!(
            shown("email=a%40b.co&password=hunter2&next=%2Faccount%2Femail%3Ftoken%3Dsecret"),
            format!("email=a%40b.co&password={DOTS}&next=%2Faccount%2Femail")
        );
        for text in [
            "hunter2",
            "=hunter2",
            "passw%6Frd=hunter2",
            "next=/x?token=hunter2",
            "next=/x%3ftoken=hunter2",
            "next=/x;hunter2",
            "next=/x%2523hunter2",
            "next=//hunter2",
        ] {
            assert!(!shown(text).contains("hunter2"), "{text}");
        }
        assert!(!body(&form, b"password=\xff").contains('\u{fffd}'));
    }

    #[test]
    fn of_json_the_named_members_are_shown_and_nothing_secret() {
        let kind = of(&[("content-type", "application/json; charset=utf-8")]);
        let shown = |text: &str| body(&kind, text.as_bytes());
        assert_eq!(
            shown(r#"{"email":"a@b.co","password":"hunter2"}"#),
            format!(r#"{{"email": "a@b.co", "password": "{DOTS}"}}"#)
        );
        for text in [r#""hunter2""#, r#"{"hunter2":1}"#, r#"{"x":"hunter2"}"#, r#"{"password":"hunter2""#] {
            assert!(!shown(text).contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn of_headers_cookies_are_names_and_other_secrets_are_not_there() {
        let request = of(&[
            ("cookie", "__Host-refresh=topsecret; __Host-theme=dark; topsecret"),
            ("authorization", "Bearer topsecret"),
            ("referer", "http://localhost/verify-email?token=topsecret"),
            ("sec-fetch-site", "same-origin"),
        ]);
        let shown = headers(&request, &OF_REQUEST);
        let cookies = format!("__Host-refresh={DOTS}; __Host-theme={DOTS}; {DOTS}={DOTS}");
        assert_eq!(shown, [("Sec-Fetch-Site".into(), "same-origin".into()), ("Cookie".to_owned(), cookies)]);
        let answer = of(&[
            ("set-cookie", "__Host-refresh=topsecret; Path=/; Secure"),
            ("set-cookie", "__Host-typed=; Max-Age=0"),
            ("location", "/account/email?token=topsecret"),
        ]);
        let shown = headers(&answer, &OF_ANSWER);
        let lines: Vec<&str> = shown.iter().map(|(_, value)| value.as_str()).collect();
        let refresh = format!("__Host-refresh=tops{DOTS}; Path=/; Secure");
        assert_eq!(lines, ["/account/email", &*refresh, "__Host-typed=; Max-Age=0"]);
    }

    #[tokio::test]
    async fn an_answer_goes_out_as_it_came_and_is_shown_without_its_token() {
        let sent = r#"{"access_token":"topsecret","token_type":"Bearer","expires_in":300}"#;
        let response = Response::builder().header("content-type", "application/json").body(Body::from(sent)).unwrap();
        let (response, message) = answer(response).await;
        assert_eq!(to_bytes(response.into_body(), 1000).await.unwrap(), sent);
        assert_eq!(message.line, "HTTP/1.1 200 OK");
        assert!(message.body.contains("\"token_type\": \"Bearer\"") && message.body.contains("\"expires_in\": 300"));
        assert!(!message.to_text().contains("topsecret"), "{}", message.to_text());
    }
}

//! CORS abuse: a page of another site reads answers, because we tell the browser that it may.

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};

use super::{Attack, Control};
use crate::Outcome;
use crate::target::Target;

pub const ATTACK: Attack = Attack { name: "cors", settings: &[], control: Control::Service };

pub async fn attack(target: &Target) -> anyhow::Result<Outcome> {
    for origin in ["https://evil.example", "null", "http://localhost.evil.example", "http://evil.localhost"] {
        for (method, path) in
            [("GET", "/api/v1/me"), ("OPTIONS", "/api/v1/me"), ("OPTIONS", "/rpc/sign_in"), ("GET", "/")]
        {
            let headers = format!("origin: {origin}\r\naccess-control-request-method: POST\r\n");
            let answer = target.send(method, path, &headers, "").await?;
            let allowed = answer.header("access-control-allow-origin");
            if allowed == origin || allowed == "*" {
                return Ok(Outcome::Succeeded(format!("{origin} may read {path}")));
            }
        }
    }
    Ok(Outcome::Stopped)
}

pub async fn service() -> anyhow::Result<Target> {
    Target::service(Router::new().fallback(allow_whoever_asks)).await
}

async fn allow_whoever_asks(request: Request) -> Response {
    let mut response = ().into_response();
    if let Some(origin) = request.headers().get("origin") {
        response.headers_mut().insert("access-control-allow-origin", origin.clone());
    }
    response
}

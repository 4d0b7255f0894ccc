//! Calling a REST route of this site, where the answer is for a function of the browser and no type of ours.

use auth::ErrorCode;
use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, RequestInit, Response};

use super::token;
use crate::error::AppError;

/// Why a call was refused (RFC 9457); both empty when no answer came.
#[derive(Default)]
pub struct Problem {
    /// The code.
    pub code: String,
    /// What to do, in the language of the page.
    pub title: String,
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        Self { code: error.code().as_str().to_owned(), title: String::new() }
    }
}

/// Posts a JSON text and gives the JSON of the answer: with `as_session` as the signed-in person, whose access token
/// is renewed once when it is not accepted, as in [`super::call`].
///
/// # Errors
/// The [`Problem`] that was answered.
pub async fn post(path: &str, body: &str, as_session: bool) -> Result<JsValue, Problem> {
    if !as_session {
        return send(path, body, None).await;
    }
    if token::current().is_none() {
        token::renew(None).await?;
    }
    let used = token::current();
    match send(path, body, used.as_deref()).await {
        Err(problem)
            if [ErrorCode::InvalidToken, ErrorCode::SignedOut].iter().any(|code| code.as_str() == problem.code) =>
        {
            token::renew(used).await?;
            send(path, body, token::current().as_deref()).await
        }
        answer => answer,
    }
}

async fn send(path: &str, body: &str, token: Option<&str>) -> Result<JsValue, Problem> {
    let lost = |_: JsValue| Problem::default();
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_body(&body.into());
    let request = Request::new_with_str_and_init(path, &options).map_err(lost)?;
    request.headers().set("content-type", "application/json").map_err(lost)?;
    if let Some(token) = token {
        request.headers().set("authorization", &format!("Bearer {token}")).map_err(lost)?;
    }
    let response = JsFuture::from(window().fetch_with_request(&request)).await.map_err(lost)?;
    let response: Response = response.dyn_into().map_err(lost)?;
    let json = JsFuture::from(response.json().map_err(lost)?).await.map_err(lost)?;
    if response.ok() {
        return Ok(json);
    }
    let text =
        |name: &str| Reflect::get(&json, &name.into()).ok().and_then(|text| text.as_string()).unwrap_or_default();
    Err(Problem { code: text("code"), title: text("title") })
}

//! The access token and its renewal: one refresh for all tabs.
//!
//! Tabs queue for a Web Lock. The first refreshes and tells the others the new token over a
//! BroadcastChannel; the others find it in their memory when their turn comes.

use auth::ErrorCode;
use send_wrapper::SendWrapper;
use std::cell::RefCell;
use std::future::Future;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{Request, RequestInit, Response};

use super::tabs;
use crate::error::AppError;

/// Seconds before its end at which a token is no longer used.
const MARGIN_SECONDS: f64 = 10.0;

#[derive(Clone)]
struct Token {
    text: String,
    /// Milliseconds of the page's own clock.
    ends_at: f64,
}

thread_local! {
    static TOKEN: RefCell<Option<Token>> = const { RefCell::new(None) };
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request, catch)]
    fn request_lock(
        name: &str,
        held: &Closure<dyn FnMut(JsValue) -> js_sys::Promise>,
    ) -> Result<js_sys::Promise, JsValue>;
}

/// The token, while it lives.
pub fn current() -> Option<String> {
    TOKEN.with_borrow(|token| {
        token.as_ref().filter(|token| token.ends_at > js_sys::Date::now()).map(|token| token.text.clone())
    })
}

/// Takes a token that this tab or another one was granted.
pub fn accept(text: String, expires_in: f64) {
    let ends_at = js_sys::Date::now() + (expires_in - MARGIN_SECONDS).max(0.0) * 1000.0;
    TOKEN.set(Some(Token { text, ends_at }));
}

/// Forgets the token.
pub fn forget() {
    TOKEN.set(None);
}

/// Gets a token other than `used`, with at most one refresh among all tabs.
///
/// # Errors
/// [`ErrorCode::SignedOut`] when the session ended.
pub fn renew(used: Option<String>) -> impl Future<Output = Result<(), AppError>> + Send {
    // A browser has one thread; the wrapper says so to those who ask for Send.
    SendWrapper::new(renew_locally(used))
}

async fn renew_locally(used: Option<String>) -> Result<(), AppError> {
    let held = Closure::once(move |_lock: JsValue| {
        future_to_promise(async move {
            // While this tab waited for its turn, another one may have done the work.
            if current().is_none_or(|token| Some(token) == used) {
                refresh().await.map_err(|error| JsValue::from_str(error.code().as_str()))?;
            }
            Ok(JsValue::UNDEFINED)
        })
    });
    let failed = |_| AppError::from(ErrorCode::Internal);
    let lock = request_lock("keywright-refresh", &held).map_err(failed)?;
    JsFuture::from(lock).await.map(|_| ()).map_err(|code| {
        let signed_out = code.as_string().as_deref() == Some(ErrorCode::SignedOut.as_str());
        AppError::from(if signed_out { ErrorCode::SignedOut } else { ErrorCode::Internal })
    })
}

async fn refresh() -> Result<(), AppError> {
    let failed = |_: JsValue| AppError::from(ErrorCode::Internal);
    let options = RequestInit::new();
    options.set_method("POST");
    let request = Request::new_with_str_and_init("/api/v1/refresh", &options).map_err(failed)?;
    let window = web_sys::window().ok_or(AppError::from(ErrorCode::Internal))?;
    let response = JsFuture::from(window.fetch_with_request(&request)).await.map_err(failed)?;
    let response: Response = response.dyn_into().map_err(failed)?;
    if !response.ok() {
        let gone = response.status() == ErrorCode::SignedOut.status();
        if gone {
            forget();
        }
        return Err(AppError::from(if gone { ErrorCode::SignedOut } else { ErrorCode::Internal }));
    }
    let grant = JsFuture::from(response.json().map_err(failed)?).await.map_err(failed)?;
    let member = |name: &str| js_sys::Reflect::get(&grant, &name.into()).map_err(failed);
    let text = member("access_token")?.as_string().unwrap_or_default();
    let expires_in = member("expires_in")?.as_f64().unwrap_or_default();
    tabs::share(&text, expires_in);
    accept(text, expires_in);
    Ok(())
}

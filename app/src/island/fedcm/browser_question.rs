//! What a browser offers for it (FedCM, "The Browser API"), called as it is: no library is downloaded for it.

use js_sys::{Array, Object, Promise, Reflect};
use leptos::prelude::document;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlFormElement, HtmlInputElement};

use super::{FedCmChallenge, WantedFedCm, start_fedcm};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "credentials"], js_name = get, catch)]
    fn get_credential(options: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["navigator", "credentials"], js_name = preventSilentAccess, catch)]
    fn prevent_silent_access() -> Result<Promise, JsValue>;
}

/// Asks, where this browser can. Whatever fails is not spoken of: nobody pressed anything.
pub fn ask(wanted: WantedFedCm) {
    if !Reflect::has(&js_sys::global(), &"IdentityCredential".into()).unwrap_or(false) {
        return;
    }
    leptos::task::spawn_local(async move {
        if !wanted.asks {
            if let Ok(prevented) = prevent_silent_access() {
                let _ = JsFuture::from(prevented).await;
            }
            return;
        }
        let Ok(challenge) = start_fedcm(wanted.provider.clone()).await else { return };
        if let Ok(token) = token_of(&wanted, &challenge.nonce).await
            && !token.is_empty()
        {
            send(&wanted.form, &challenge, &token);
        }
    });
}

/// The ID token of the account that somebody chooses.
async fn token_of(wanted: &WantedFedCm, nonce: &str) -> Result<String, JsValue> {
    // Where the nonce belongs depends on the age of the browser.
    let parameters = object(&[("nonce", &nonce.into())])?;
    let provider = object(&[
        ("configURL", &wanted.config_url.as_str().into()),
        ("clientId", &wanted.client_id.as_str().into()),
        ("nonce", &nonce.into()),
        ("params", &parameters),
    ])?;
    let providers = Array::of1(&provider).into();
    let identity = object(&[("providers", &providers)])?;
    let request = object(&[("identity", &identity), ("mediation", &"optional".into())])?;
    let credential = JsFuture::from(get_credential(&request)?).await?;
    Ok(Reflect::get(&credential, &"token".into())?.as_string().unwrap_or_default())
}

/// Sends the form with the answer in it. The page that follows says what became of it.
fn send(form: &str, challenge: &FedCmChallenge, token: &str) {
    let form = document().get_element_by_id(form).and_then(|element| element.closest("form").ok().flatten());
    let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else { return };
    for (name, value) in [("state", challenge.state.as_str()), ("token", token)] {
        let found = form.query_selector(&format!("input[name='{name}']")).ok().flatten();
        let Some(input) = found.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) else { return };
        input.set_value(value);
    }
    let _ = form.request_submit();
}

fn object(members: &[(&str, &JsValue)]) -> Result<JsValue, JsValue> {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object.into())
}

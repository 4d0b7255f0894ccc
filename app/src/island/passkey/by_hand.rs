//! Options and answers of passkeys between JSON and bytes, for browsers without `parseCreationOptionsFromJSON`,
//! `parseRequestOptionsFromJSON` and `toJSON` (Chrome before 129, Safari before 18.4).

use js_sys::{Array, JSON, Object, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::JsValue;

use super::web_authn::{called, member};

/// What an answer has in bytes: the first two when a passkey was made, all but the second when one was used.
const PARTS: [&str; 5] = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

/// Puts bytes in the place of base64url, wherever options have them.
pub fn decode(options: &JsValue) -> Result<(), JsValue> {
    to_bytes(options, "challenge")?;
    let user = member(options, "user");
    if user.is_object() {
        to_bytes(&user, "id")?;
    }
    for list in ["excludeCredentials", "allowCredentials"] {
        let list = member(options, list);
        if Array::is_array(&list) {
            for descriptor in Array::from(&list) {
                to_bytes(&descriptor, "id")?;
            }
        }
    }
    Ok(())
}

/// A credential as `toJSON` would write it.
pub fn encode(credential: &JsValue) -> Result<String, JsValue> {
    let json = Object::new();
    for name in ["id", "type", "authenticatorAttachment"] {
        Reflect::set(&json, &name.into(), &member(credential, name))?;
    }
    Reflect::set(&json, &"rawId".into(), &member(credential, "id"))?;
    let results = called(credential, "getClientExtensionResults", &JsValue::UNDEFINED);
    Reflect::set(&json, &"clientExtensionResults".into(), &results.unwrap_or_else(|| Ok(Object::new().into()))?)?;

    let answered = member(credential, "response");
    let response = Object::new();
    for name in PARTS {
        let part = member(&answered, name);
        if part.is_object() {
            Reflect::set(&response, &name.into(), &base64url(&part)?.into())?;
        }
    }
    if let Some(transports) = called(&answered, "getTransports", &JsValue::UNDEFINED) {
        Reflect::set(&response, &"transports".into(), &transports?)?;
    }
    Reflect::set(&json, &"response".into(), &response)?;
    JSON::stringify(&json).map(String::from)
}

fn to_bytes(of: &JsValue, name: &str) -> Result<(), JsValue> {
    let text = member(of, name).as_string().unwrap_or_default();
    let binary = window().atob(&text.replace('-', "+").replace('_', "/"))?;
    // Each character of it is a byte.
    let bytes: Vec<u8> = binary.chars().filter_map(|byte| u8::try_from(byte).ok()).collect();
    Reflect::set(of, &name.into(), &Uint8Array::from(bytes.as_slice()))?;
    Ok(())
}

fn base64url(buffer: &JsValue) -> Result<String, JsValue> {
    let binary: String = Uint8Array::new(buffer).to_vec().into_iter().map(char::from).collect();
    let text = window().btoa(&binary)?;
    Ok(text.trim_end_matches('=').replace('+', "-").replace('/', "_"))
}
